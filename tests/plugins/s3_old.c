/* A module for S3 of another version than the tools: see tools/io/remote.h. */
extern const struct {
	const char *version;
} bt_remote;

__typeof__(bt_remote) bt_remote = { "0.0.9" };
