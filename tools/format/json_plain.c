/* Without a vector unit. */
#include "format/json_body.h"
