#include "statistics/moments.h"

namespace shadenet {

void Moments::merge(const Moments& other) {
    if (other.count == 0) return;
    const auto own = static_cast<double>(count), others = static_cast<double>(other.count);
    const double all = own + others, apart = other.mean - mean;
    mean += apart * (others / all);
    squares += other.squares + apart * apart * (own * others / all);
    count += other.count;
}

Moments moments_of(std::span<const float> values, std::size_t rows, std::size_t columns, std::size_t stride) {
    Moments moments;
    moments.count = std::uint64_t{rows} * columns;
    if (moments.count == 0) return moments;
    const auto total = static_cast<double>(moments.count);
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        for (const float value : values.subspan(row * stride, columns)) sum += static_cast<double>(value);
    }
    moments.mean = sum / total;
    double left = 0;  // Σ(x − mean), which is 0 but for the mean's own rounding
    for (std::size_t row = 0; row < rows; ++row) {
        for (const float value : values.subspan(row * stride, columns)) {
            const double centred = static_cast<double>(value) - moments.mean;
            left += centred;
            moments.squares += centred * centred;
        }
    }
    moments.squares -= left * (left / total);
    return moments;
}

}  // namespace shadenet
