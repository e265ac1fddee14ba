#include "reference/average.h"

namespace shadenet::reference {

Tensor average_forward(const Tensor& x) {
    Tensor y(output_shape(Average{}, x.shape));
    const std::size_t plane = x.shape.plane();
    for (std::size_t i = 0; i < x.values.size(); ++i) y.values[i / plane] += x.values[i];
    for (double& value : y.values) value /= static_cast<double>(plane);
    return y;
}

Tensor average_backward(const Tensor& dy, const Shape& x_shape) {
    expect_shape("dy of average", dy.shape, output_shape(Average{}, x_shape));
    Tensor dx(x_shape);
    const std::size_t plane = x_shape.plane();
    for (std::size_t i = 0; i < dx.values.size(); ++i) {
        dx.values[i] = dy.values[i / plane] / static_cast<double>(plane);
    }
    return dx;
}

}  // namespace shadenet::reference
