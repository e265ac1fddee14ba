#include "reference/dropout.h"

#include <cmath>
#include <limits>
#include <random>

#include "model/philox.h"
#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

TEST_CASE("dropout multiplies what it keeps, and makes the rest zero") {
    std::mt19937_64 random(24);
    const Tensor x = random_tensor({2, 3, 5, 7}, random, 10.0, 100.0);
    const DropoutKey key{.seed = 5, .step = 3};
    const Tensor y = dropout(x, {0.8f}, 4, key);
    CHECK(y.shape == x.shape);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < x.values.size(); ++i) {
        const bool keeps = dropout_keeps(i, 4, 3, 5, 0.8f);
        kept += keeps ? 1 : 0;
        CHECK(y.values[i] == (keeps ? 1.25 * x.values[i] : 0.0));
    }
    CHECK(kept > 140);  // of 210
    CHECK(kept < 200);
    CHECK(dropout(x, {1.0f}, 4, key).values == x.values);
}

TEST_CASE("dropout's masks are those of its layer, step and seed") {
    const Tensor x = [] {
        Tensor ones({1, 1, 9, 11});
        ones.values.assign(ones.values.size(), 1.0);
        return ones;
    }();
    const std::vector<double> mask = dropout(x, {0.5f}, 1, {.seed = 7, .step = 2}).values;
    CHECK(dropout(x, {0.5f}, 1, {.seed = 7, .step = 2}).values == mask);
    CHECK(dropout(x, {0.5f}, 2, {.seed = 7, .step = 2}).values != mask);
    CHECK(dropout(x, {0.5f}, 1, {.seed = 8, .step = 2}).values != mask);
    CHECK(dropout(x, {0.5f}, 1, {.seed = 7, .step = 3}).values != mask);
}

TEST_CASE("dropout's gradient agrees with central differences") {
    std::mt19937_64 random(25);
    for (const float keep : {0.3f, 0.6f}) {
        Tensor x = random_tensor({3, 2, 3, 5}, random);
        const Tensor dy = random_tensor(x.shape, random);
        const DropoutKey key{.seed = 9, .step = 1};
        const auto function = [&] { return weighted_sum(dy, dropout(x, {keep}, 2, key)); };
        check_gradient("dropout", x.values, dropout(dy, {keep}, 2, key).values, function, 0.5, 1e-12);
    }
}

TEST_CASE("dropout does not hide a NaN that it keeps, and hides one that it drops") {
    Tensor x({1, 1, 4, 4});
    x.values.assign(16, std::numeric_limits<double>::quiet_NaN());
    const Tensor y = dropout(x, {0.5f}, 0, {});
    for (std::size_t i = 0; i < 16; ++i) {
        CHECK(std::isnan(y.values[i]) == dropout_keeps(i, 0, 0, 0, 0.5f));
    }
}
