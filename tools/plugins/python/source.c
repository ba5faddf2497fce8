#include "plugins/python/source.h"

/* The text is module, NUL, source, NUL, and so on, each for those after it. */
const char source_start[] =
    "import sys, os\n"
    "if sys.version_info < (3, 6):\n"
    "    sys.exit('bt-predict: python: %s is Python %s; 3.6 or later is required'\n"
    "             % (sys.executable, sys.version.split()[0]))\n"
    "if sys.path[:1] == ['']:\n"
    "    del sys.path[0]\n"
    "left, fd, *others = map(int, sys.argv[1:])\n"
    "parts = []\n"
    "while left > 0:\n"
    "    parts.append(os.read(fd, left))\n"
    "    left -= len(parts[-1]) or sys.exit()\n"
    "parts = b''.join(parts).split(b'\\0')\n"
    "for name, text in zip(parts[::2], parts[1::2]):\n"
    "    name = name.decode()\n"
    "    module = sys.modules[name] = type(sys)(name)\n"
    "    exec(compile(text, '<' + name + '>', 'exec'), module.__dict__)\n"
    "module.main(fd, *others)\n";

static const struct {
	const char *name, *text;
} sources[] = {
	{
	    "bt_codecs",
#include "tools/plugins/python/bt_codecs.py.h"
	},
	{
	    "bt_recordio",
#include "tools/plugins/python/bt_recordio.py.h"
	},
	{
	    "bt_families",
#include "tools/plugins/python/bt_families.py.h"
	},
	{
	    "bt_shims",
#include "tools/plugins/python/bt_shims.py.h"
	},
	{
	    "bt_packages",
#include "tools/plugins/python/bt_packages.py.h"
	},
	{
	    "bt_context",
#include "tools/plugins/python/bt_context.py.h"
	},
	{
	    "bt_shapes",
#include "tools/plugins/python/bt_shapes.py.h"
	},
	{
	    "bt_mlflow",
#include "tools/plugins/python/bt_mlflow.py.h"
	},
	{
	    "bt_script",
#include "tools/plugins/python/bt_script.py.h"
	},
	{
	    "bt_bridge",
#include "tools/plugins/python/bt_bridge.py.h"
	},
};

void
source_add(struct buf *b)
{
	size_t i;

	for (i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		buf_add(b, sources[i].name, strlen(sources[i].name) + 1);
		buf_add(b, sources[i].text, strlen(sources[i].text) + 1);
	}
}
