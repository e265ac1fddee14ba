#include "export/number_limit.h"

#include <cmath>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

void require_exportable(double number, const char* what, const std::string& source) {
    if (std::abs(number) <= largest_exported) return;
    const std::string found = std::isfinite(number)
                                  ? fmt::format("{:.2g}, and some programs that use it know numbers up to {}",
                                                number, largest_exported)
                                  : "what is no number";
    throw InputError(fmt::format("{}: its {} would hold {}; train it anew{}", source, what, found,
                                 std::isfinite(number) ? ", or export it as .onnx" : ""));
}

}  // namespace shadenet
