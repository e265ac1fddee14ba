// A mean squared error in decibels, in which people compare pictures.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

namespace shadenet {

/// The peak signal-to-noise ratio in dB of a mean squared error of values whose black is 0 and white 1:
/// −10·log10(mse). Infinite for 0, NaN for what is no error.
inline double psnr(double mse) {
    if (!(mse >= 0)) return std::numeric_limits<double>::quiet_NaN();
    return mse == 0 ? std::numeric_limits<double>::infinity() : -10 * std::log10(mse);
}

/// "39.1 dB"; "infinite dB" for 0, and empty for what is no error.
inline std::string psnr_text(double mse) {
    const double decibels = psnr(mse);
    if (std::isnan(decibels)) return "";
    // Rounded errors of nearly 1 are "0.0 dB" and not "-0.0 dB".
    return std::isinf(decibels) ? (decibels > 0 ? "infinite dB" : "")
                                : fmt::format("{:.1f} dB", std::abs(decibels) < 0.05 ? 0.0 : decibels);
}

/// `number` with that behind it: "0.000123 (39.1 dB)".
inline std::string with_psnr(const std::string& number, double mse) {
    const std::string decibels = psnr_text(mse);
    return decibels.empty() ? number : fmt::format("{} ({})", number, decibels);
}

}  // namespace shadenet
