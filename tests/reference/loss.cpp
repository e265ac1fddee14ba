#include "reference/loss.h"

namespace shadenet::reference {

Loss mean_squared_error(const Tensor& out, const Tensor& target) {
    expect_shape("target", target.shape, out.shape);
    Loss result{0.0, Tensor(out.shape)};
    const double count = static_cast<double>(out.values.size());
    for (std::size_t i = 0; i < out.values.size(); ++i) {
        const double difference = out.values[i] - target.values[i];
        result.loss += difference * difference / count;
        result.dout.values[i] = 2.0 * difference / count;
    }
    return result;
}

}  // namespace shadenet::reference
