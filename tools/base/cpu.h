/*
 * The same work in several bodies, each for what some processors have.
 *
 * A body names its features once: CPU_TARGET() compiles its functions for them,
 * and CPU_HAS() asks the processor for the same before they are used.  The
 * names are those of GCC's attribute target and of __builtin_cpu_supports().
 *
 *	#define FEATURES "avx2", "bmi", "bmi2"
 *	#define TARGET CPU_TARGET(FEATURES)
 *	static bool usable(void) { return CPU_HAS(FEATURES); }
 */
#ifndef BASE_CPU_H
#define BASE_CPU_H

#include <stdbool.h>

struct cpu_body {
	const char *name;
	bool (*usable)(void); /* on this machine */
};

/*
 * The first of bodies, which end with NULL, that is usable; or the one with the
 * name that is in the environment as BT_CPU, if there is one and it is usable.
 * NULL if none is usable.
 */
const struct cpu_body *cpu_pick(const struct cpu_body *const *bodies);

#define CPU_TARGET(...)                                                        \
	__attribute__((target(CPU_COUNTED(CPU_JOIN, __VA_ARGS__))))
#define CPU_HAS(...) (CPU_COUNTED(CPU_ALL, __VA_ARGS__))

#define CPU_COUNTED(f, ...)                                                    \
	CPU_NINTH(__VA_ARGS__, f##9, f##8, f##7, f##6, f##5, f##4, f##3, f##2, \
	    f##1, 0)                                                           \
	(__VA_ARGS__)
#define CPU_NINTH(a, b, c, d, e, f, g, h, i, found, ...) found

#define CPU_JOIN1(a) a
#define CPU_JOIN2(a, ...) a "," CPU_JOIN1(__VA_ARGS__)
#define CPU_JOIN3(a, ...) a "," CPU_JOIN2(__VA_ARGS__)
#define CPU_JOIN4(a, ...) a "," CPU_JOIN3(__VA_ARGS__)
#define CPU_JOIN5(a, ...) a "," CPU_JOIN4(__VA_ARGS__)
#define CPU_JOIN6(a, ...) a "," CPU_JOIN5(__VA_ARGS__)
#define CPU_JOIN7(a, ...) a "," CPU_JOIN6(__VA_ARGS__)
#define CPU_JOIN8(a, ...) a "," CPU_JOIN7(__VA_ARGS__)
#define CPU_JOIN9(a, ...) a "," CPU_JOIN8(__VA_ARGS__)

#define CPU_ALL1(a) __builtin_cpu_supports(a)
#define CPU_ALL2(a, ...) CPU_ALL1(a) && CPU_ALL1(__VA_ARGS__)
#define CPU_ALL3(a, ...) CPU_ALL1(a) && CPU_ALL2(__VA_ARGS__)
#define CPU_ALL4(a, ...) CPU_ALL1(a) && CPU_ALL3(__VA_ARGS__)
#define CPU_ALL5(a, ...) CPU_ALL1(a) && CPU_ALL4(__VA_ARGS__)
#define CPU_ALL6(a, ...) CPU_ALL1(a) && CPU_ALL5(__VA_ARGS__)
#define CPU_ALL7(a, ...) CPU_ALL1(a) && CPU_ALL6(__VA_ARGS__)
#define CPU_ALL8(a, ...) CPU_ALL1(a) && CPU_ALL7(__VA_ARGS__)
#define CPU_ALL9(a, ...) CPU_ALL1(a) && CPU_ALL8(__VA_ARGS__)

#endif
