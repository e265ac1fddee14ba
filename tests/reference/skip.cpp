#include "reference/skip.h"

namespace shadenet::reference {

Tensor add(const Tensor& a, const Tensor& b) {
    expect_shape("second summand", b.shape, a.shape);
    Tensor sum = a;
    for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += b.values[i];
    return sum;
}

}  // namespace shadenet::reference
