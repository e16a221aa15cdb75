#include "csluice.h"
