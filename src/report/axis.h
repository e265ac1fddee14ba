// Axes of charts: the range they cover, the position of a value on them, and their ticks.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace shadenet {

enum class AxisScale { linear, log };

/// The range that an axis must cover. Values that are not finite are ignored.
class ValueRange {
  public:
    void include(double value);
    /// Whether no value so far can be shown by an axis of this scale.
    bool empty(AxisScale scale) const;
    double low(AxisScale scale) const { return scale == AxisScale::log ? smallest_positive_ : low_; }
    double high() const { return high_; }

  private:
    double low_ = std::numeric_limits<double>::infinity();
    double high_ = -std::numeric_limits<double>::infinity();
    double smallest_positive_ = std::numeric_limits<double>::infinity();
};

/// min < max, both finite, and above zero if the scale is logarithmic.
struct Axis {
    AxisScale scale = AxisScale::linear;
    double min = 0, max = 1;

    /// Whether the value has a position: it is finite, and above zero if the scale is logarithmic.
    bool can_show(double value) const;
    /// 0 at min, 1 at max; outside of that for values beyond the ends.
    double position(double value) const;
    /// The value at a position.
    double value_at(double position) const;
};

/// An axis over `range`, longer at both ends by `margin` of its length. Equal values, or none, make an axis,
/// too.
Axis axis_over(const ValueRange& range, AxisScale scale, double margin = 0);

/// Whether the values span more than a decade, and all are above zero.
bool wants_log(const ValueRange& range);

struct Tick {
    double value;
    std::string label;
};

/// About `wished` ticks within the axis, ascending. Linear: steps of 1, 2 or 5 times a power of ten, none
/// smaller than `smallest_step` (1 for things that are counted). Logarithmic: powers of ten; some are left
/// out if there are many, and 2 and 5 are added between them if there are few.
std::vector<Tick> axis_ticks(const Axis& axis, int wished, double smallest_step = 0);

/// A number in a few significant digits: "0.0123", "1.5e-7".
std::string short_number(double value, int digits = 4);
/// A mean squared error likewise, and in decibels: "0.0123 (19.1 dB)".
std::string short_loss(double loss, int digits = 4);

}  // namespace shadenet
