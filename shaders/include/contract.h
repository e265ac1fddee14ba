// Included by C++ and by GLSL. The push-constant structs of this folder are declared once for both languages: only
// 4-byte scalars, so that both have the same layout, and at most 128 bytes.
#ifndef SHADENET_CONTRACT_H
#define SHADENET_CONTRACT_H

#ifdef __cplusplus
#include <cstdint>
namespace shadenet::push {
using uint = std::uint32_t;
}
#define CONTRACT_BEGIN namespace shadenet::push {
#define CONTRACT_END }
#else
#define CONTRACT_BEGIN
#define CONTRACT_END
#endif

#endif
