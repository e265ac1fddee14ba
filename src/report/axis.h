// Axes of charts: which range they cover, where a value lies on them, and what stands beside them.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace shadenet {

enum class AxisScale { linear, log };

/// What an axis has to cover. Values that are not finite are passed over.
class ValueRange {
  public:
    void include(double value);
    /// No value yet that an axis of this scale could show.
    bool empty(AxisScale scale) const;
    double low(AxisScale scale) const { return scale == AxisScale::log ? smallest_positive_ : low_; }
    double high() const { return high_; }

  private:
    double low_ = std::numeric_limits<double>::infinity();
    double high_ = -std::numeric_limits<double>::infinity();
    double smallest_positive_ = std::numeric_limits<double>::infinity();
};

/// min < max, both finite, and above zero where the scale is logarithmic.
struct Axis {
    AxisScale scale = AxisScale::linear;
    double min = 0, max = 1;

    /// Finite, and above zero where the scale is logarithmic. Others have no position.
    bool can_show(double value) const;
    /// 0 at min, 1 at max; outside of that for values beyond the ends.
    double position(double value) const;
    /// The value at a position.
    double value_at(double position) const;
};

/// An axis over `range`, longer at both ends by `margin` of its length. All values equal, or none at all,
/// still make an axis.
Axis axis_over(const ValueRange& range, AxisScale scale, double margin = 0);

/// The values span more than a decade, and there are none at or below zero.
bool wants_log(const ValueRange& range);

struct Tick {
    double value;
    std::string label;
};

/// About `wished` ticks within the axis, ascending. Linear: steps of 1, 2 or 5 times a power of ten, none
/// smaller than `smallest_step` (1 for things that are counted). Logarithmic: powers of ten, of which some
/// are left out where they are many, and with 2 and 5 between them where they are few.
std::vector<Tick> axis_ticks(const Axis& axis, int wished, double smallest_step = 0);

/// A number in a few significant digits: "0.0123", "1.5e-7".
std::string short_number(double value, int digits = 4);

}  // namespace shadenet
