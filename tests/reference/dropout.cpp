#include "reference/dropout.h"

#include "model/philox.h"

namespace shadenet::reference {

Tensor dropout(const Tensor& x, const Dropout& dropout, std::size_t layer, const DropoutKey& key) {
    const double factor = static_cast<double>(dropout_factor(dropout.keep));
    Tensor y(x.shape);
    for (std::size_t i = 0; i < y.values.size(); ++i) {
        const bool kept = dropout_keeps(i, layer, key.step, key.seed, dropout.keep);
        y.values[i] = kept ? factor * x.values[i] : 0.0;
    }
    return y;
}

}  // namespace shadenet::reference
