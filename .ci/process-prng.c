// bcryptprimitives.dll for a wine without it (Debian's 8.0): Rust's standard library needs it for randomness, and exits silently without.
//   x86_64-w64-mingw32-gcc -shared -O2 -o bcryptprimitives.dll process-prng.c -ladvapi32
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return RtlGenRandom(data, (ULONG)length);
}
