#include "plugins/onnx/folder.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

int
folder_model(const char *folder, struct buf *path, struct buf *why)
{
	DIR *dir;
	struct dirent *entry;
	const char *name;
	size_t n, count = 0;

	buf_addf(path, "%s/model.onnx", folder);
	if (access(buf_str(path), F_OK) == 0)
		return 0;
	dir = opendir(folder);
	if (dir == NULL) {
		buf_addf(why, "%s: %s", folder, strerror(errno));
		return -1;
	}
	path->n = 0;
	while ((entry = readdir(dir)) != NULL) {
		name = entry->d_name;
		n = strlen(name);
		if (name[0] != '.' && n > 5 &&
		    strcmp(name + n - 5, ".onnx") == 0 && count++ == 0)
			buf_addf(path, "%s/%s", folder, name);
	}
	closedir(dir);
	if (count == 1)
		return 0;
	if (count == 0)
		buf_addf(
		    why, "%s: no model.onnx, nor another .onnx file", folder);
	else
		buf_addf(why,
		    "%s: %zu .onnx files, none of which is model.onnx", folder,
		    count);
	return -1;
}
