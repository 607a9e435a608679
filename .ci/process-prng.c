// bcryptprimitives.dll for a wine that has none (Debian's 8.0): Rust's library asks it for randomness, and ends silently without.
//   x86_64-w64-mingw32-gcc -shared -O2 -o bcryptprimitives.dll process-prng.c -ladvapi32
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return RtlGenRandom(data, (ULONG)length);
}
