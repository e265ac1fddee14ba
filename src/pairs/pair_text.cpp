#include "pairs/pair_text.h"

#include <cmath>

#include <fmt/format.h>

namespace shadenet {

namespace {

std::string placement_text(const PairLook& look) {
    const PairPlacement& placement = look.placement;
    if (look.equal) return "the target is the input";
    if (placement.kind == PairPlacement::Kind::unknown) return "how the target lies cannot be told";
    if (placement.kind == PairPlacement::Kind::foreign) {
        return look.is_foreign() ? "the target shows something else" : "how the target lies is not certain";
    }
    if (!placement.is_upright()) return "the target is " + turn_text(placement);
    if (placement.scale != 1) return fmt::format("things are {} as large", scale_text(placement.scale));
    if (look.is_shifted()) return "the target lies " + shift_text(placement.x, placement.y);
    return "the target lies on the input";
}

}  // namespace

std::string shift_text(double x, double y) {
    constexpr double shown = 0.05;
    const std::string across = fmt::format("{:.1f} pixels to the {}", std::abs(x), x > 0 ? "right" : "left");
    if (std::abs(y) < shown) return across;
    const char* way = y > 0 ? "down" : "up";
    if (std::abs(x) < shown) return fmt::format("{:.1f} pixels {}", std::abs(y), way);
    return fmt::format("{} and {:.1f} {}", across, std::abs(y), way);
}

std::string turn_text(const PairPlacement& placement) {
    const std::string turn =
        placement.quarter_turns == 0 ? "" : fmt::format("turned by {} degrees", 90 * placement.quarter_turns);
    if (!placement.mirrored) return turn;
    return turn.empty() ? "mirrored left to right" : "mirrored left to right, then " + turn;
}

std::string scale_text(double scale) {
    // Parts of a picture tell a small one better.
    return fmt::format("{:.{}f} times", scale, std::abs(scale - 1) < 0.05 ? 3 : 2);
}

std::string describe(const PairLook& look) {
    if (!look.problem.empty()) return look.problem;
    std::string text = fmt::format("{}x{}", look.width, look.height);
    if (!look.same_size())
        text += fmt::format(" before and {}x{} after", look.target_width, look.target_height);
    if (look.bits != look.target_bits) {
        text += fmt::format(", {} bits before and {} after", look.bits, look.target_bits);
    } else if (look.bits > 8) {
        text += fmt::format(", {} bits", look.bits);
    }
    text += "; " + placement_text(look);
    if (look.equal || !look.fitted) return text;
    const double error = error_of(fit_of(look.fit.moments, FitTerms::local), look.fit.moments);
    return text + fmt::format("; its own fit errs by {:.1f} grey levels", 255 * std::sqrt(error));
}

}  // namespace shadenet
