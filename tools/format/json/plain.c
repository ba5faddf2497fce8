/* Without a vector unit. */
#include "format/json/body.h"
