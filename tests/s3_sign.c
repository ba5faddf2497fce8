/*
 * s3_sign SERVICE REGION ACCESS SECRET [TOKEN] - signs the HTTP request on
 * standard input; prints the canonical request, an empty line, and the value
 * of Authorization.
 *
 * For a service other than s3 the path is freed of dot segments and encoded,
 * as such services want it; for s3 it is signed as it stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "s3/sign.h"
#include "s3/uri.h"

enum { MOST = 64 };

static struct s3_pair header[MOST], query[MOST];
static size_t headers, queries;

static char *
read_all(void)
{
	struct buf b = { 0 };
	size_t n;

	while ((n = fread(buf_room(&b, 4096), 1, 4096, stdin)) > 0)
		b.n += n;
	buf_str(&b);
	return b.p;
}

static int
hex(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static char *
unescape(char *s)
{
	char *from = s, *to = s;

	for (; *from != '\0'; from++)
		if (*from == '%') {
			*to++ = (char)(hex(from[1]) << 4 | hex(from[2]));
			from += 2;
		} else {
			*to++ = *from;
		}
	*to = '\0';
	return s;
}

static void
read_query(char *text)
{
	char *pair, *equals;

	for (pair = strtok(text, "&"); pair; pair = strtok(NULL, "&")) {
		equals = strchr(pair, '=');
		if (equals != NULL)
			*equals++ = '\0';
		query[queries].name = unescape(pair);
		query[queries++].value = equals != NULL ? unescape(equals) : "";
	}
}

/* Takes a line off *text, without its end. */
static char *
take_line(char **text)
{
	char *line = *text, *end = strchr(line, '\n');

	*text = end != NULL ? end + 1 : line + strlen(line);
	if (end != NULL)
		*end = '\0';
	line[strcspn(line, "\r")] = '\0';
	return line;
}

static void
read_headers(char **text)
{
	static struct buf joined[MOST];
	char *line, *colon;

	while (*(line = take_line(text)) != '\0')
		if (*line == ' ') {
			buf_adds(&joined[headers - 1], " ");
			buf_adds(&joined[headers - 1], line);
		} else {
			colon = strchr(line, ':');
			*colon = '\0';
			header[headers].name = line;
			colon += 1 + strspn(colon + 1, " ");
			buf_adds(&joined[headers++], colon);
		}
	for (size_t i = 0; i < headers; i++)
		header[i].value = buf_str(&joined[i]);
}

/* Without "." and "..", and one slash for several. */
static char *
normalised(char *path)
{
	struct buf b = { 0 }, done = { 0 };
	char *part, *all = mem_dup(path, strlen(path));
	bool open = true;

	buf_adds(&b, "");
	for (part = strtok(all, "/"); part; part = strtok(NULL, "/")) {
		open = strcmp(part, ".") == 0 || strcmp(part, "..") == 0;
		if (strcmp(part, "..") == 0)
			while (b.n > 0 && b.p[--b.n] != '/')
				;
		if (!open)
			buf_addf(&b, "/%s", part);
	}
	if (b.n == 0 || open || path[strlen(path) - 1] == '/')
		buf_addc(&b, '/');
	s3_encode(&done, buf_str(&b), true);
	buf_free(&b);
	free(all);
	buf_str(&done);
	return done.p;
}

static time_t
date_of(const char *text)
{
	struct tm tm = { 0 };

	sscanf(text, "%4d%2d%2dT%2d%2d%2d", &tm.tm_year, &tm.tm_mon,
	    &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm);
}

int
main(int argc, char *argv[])
{
	struct s3_creds creds = { .access = argv[3], .secret = argv[4] };
	struct s3_signing s = { .creds = &creds };
	struct buf request = { 0 }, names = { 0 }, authorization = { 0 };
	char *all = read_all(), *text = all, *line = take_line(&text);
	char *path, *mark, *tidy = NULL;
	static char body[65];
	size_t i;

	s.service = argv[1];
	s.region = argv[2];
	s.method = line;
	path = strchr(line, ' ');
	*path++ = '\0';
	*strrchr(path, ' ') = '\0';
	if ((mark = strchr(path, '?')) != NULL) {
		*mark = '\0';
		read_query(mark + 1);
	}
	if (strcmp(s.service, "s3") != 0)
		tidy = normalised(path);
	s.path = tidy != NULL ? tidy : path;
	read_headers(&text);
	if (argc > 5) {
		header[headers].name = "X-Amz-Security-Token";
		header[headers++].value = argv[5];
	}
	s3_sha256_hex(text, strlen(text), body);
	s.payload = body;
	for (i = 0; i < headers; i++) {
		if (strcasecmp(header[i].name, "x-amz-date") == 0)
			s.when = date_of(header[i].value);
		if (strcasecmp(header[i].name, "x-amz-content-sha256") == 0)
			s.payload = header[i].value;
	}
	s.query = (struct s3_pairs){ query, queries };
	s.headers = (struct s3_pairs){ header, headers };
	s3_canonical(&s, &request, &names);
	s3_sign(&s, &authorization);
	printf("%s\n\n%s\n", buf_str(&request), buf_str(&authorization));
	buf_free(&request);
	buf_free(&names);
	buf_free(&authorization);
	free(tidy);
	free(all);
	return 0;
}
