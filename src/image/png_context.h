// The PNG codec's handle, for reading and for writing.
#pragma once

#include <memory>

#include <spng.h>

namespace shadenet {

struct FreePngContext {
    void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using PngContext = std::unique_ptr<spng_ctx, FreePngContext>;

}  // namespace shadenet
