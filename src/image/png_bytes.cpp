#include "image/png_bytes.h"

#include <cstdlib>
#include <memory>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/png_context.h"

namespace shadenet {

std::vector<std::byte> png_bytes(const Picture8& picture) {
    const PngContext context(spng_ctx_new(SPNG_CTX_ENCODER));
    if (!context) throw std::bad_alloc();
    const auto require = [&](int result) {
        if (result == SPNG_OK) return;
        if (result == SPNG_EMEM) throw std::bad_alloc();
        throw WorkError(fmt::format("a picture of {} x {} pixels cannot be encoded as PNG: {}", picture.width,
                                    picture.height, spng_strerror(result)));
    };
    spng_ihdr header{.width = picture.width,
                     .height = picture.height,
                     .bit_depth = 8,
                     .color_type = SPNG_COLOR_TYPE_TRUECOLOR};
    require(spng_set_ihdr(context.get(), &header));
    require(spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1));
    require(spng_encode_image(context.get(), picture.rgb.data(), picture.rgb.size(), SPNG_FMT_PNG,
                              SPNG_ENCODE_FINALIZE));
    std::size_t size = 0;
    int result = SPNG_OK;
    struct Free {
        void operator()(void* bytes) const { std::free(bytes); }
    };
    const std::unique_ptr<void, Free> buffer(spng_get_png_buffer(context.get(), &size, &result));
    require(result);
    const auto* bytes = static_cast<const std::byte*>(buffer.get());
    return {bytes, bytes + size};
}

}  // namespace shadenet
