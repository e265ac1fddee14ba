// What is advised where a device cannot take pictures or batches of their size.
#pragma once

namespace shadenet {

/// Holds for all data: some pictures come in one size, and --size is then refused.
constexpr const char* smaller_pictures = "smaller pictures (--size, where they are resized)";
constexpr const char* smaller_batch_or_pictures =
    "a smaller --batch, or smaller pictures (--size, where they are resized)";

}  // namespace shadenet
