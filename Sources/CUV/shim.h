#include <uv.h>

/* uv_loop_configure is variadic, which Swift cannot call. */
static inline int sluice_uv_loop_measure_idle_time(uv_loop_t *loop) {
  return uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
}
