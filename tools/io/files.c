#include "io/files.h"

#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/remote.h"

static struct file_id *
find(const struct files *f, dev_t dev, ino_t ino)
{
	size_t i = (size_t)(((uint64_t)ino ^ (uint64_t)dev << 40) *
				0x9e3779b97f4a7c15 >>
			    20);

	while (f->slot[i &= f->size - 1].ino != 0 &&
	       (f->slot[i].ino != ino || f->slot[i].dev != dev))
		i++;
	return &f->slot[i];
}

void
files_add_stat(struct files *f, const struct stat *st)
{
	struct files before = *f;
	struct file_id *slot;
	size_t i;

	if (!S_ISREG(st->st_mode))
		return;
	if (f->n >= f->size / 2) {
		f->size = f->size > 0 ? f->size * 2 : 64;
		f->slot = mem_alloc(f->size * sizeof *f->slot);
		memset(f->slot, 0, f->size * sizeof *f->slot);
		for (i = 0; i < before.size; i++) {
			slot = &before.slot[i];
			if (slot->ino != 0)
				*find(f, slot->dev, slot->ino) = *slot;
		}
		free(before.slot);
	}
	slot = find(f, st->st_dev, st->st_ino);
	f->n += slot->ino == 0;
	slot->dev = st->st_dev;
	slot->ino = st->st_ino;
}

void
files_add_open(struct files *f, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0)
		files_add_stat(f, &st);
}

void
files_add(struct files *f, const char *path)
{
	struct stat st;

	if (!remote_is(path) && stat(path, &st) == 0)
		files_add_stat(f, &st);
}

bool
files_have(const struct files *f, const char *path)
{
	struct stat st;

	return f->n > 0 && !remote_is(path) && stat(path, &st) == 0 &&
	       find(f, st.st_dev, st.st_ino)->ino != 0;
}

void
files_free(struct files *f)
{
	free(f->slot);
	memset(f, 0, sizeof *f);
}
