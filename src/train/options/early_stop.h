// When a run has seen enough: the best validation so far, and how many came after it.
#pragma once

#include <cstdint>
#include <optional>

namespace shadenet {

struct BestValidation {
    double loss = 0;
    std::uint64_t step = 0;            ///< steps so far
    std::uint32_t epoch = 0;           ///< from 1; that of the step
    std::optional<double> accuracy{};  ///< share of right answers, of labelled pictures
    bool operator==(const BestValidation&) const = default;
};

struct EarlyStop {
    std::optional<BestValidation> best;
    std::uint32_t since = 0;  ///< validations after the best, none of them with a lower loss

    /// Takes in one more, and returns whether it is the best. A loss that only equals the best is not.
    bool add(const BestValidation& validation) {
        const bool better = !best || validation.loss < best->loss;
        since = better ? 0 : since + 1;
        if (better) best = validation;
        return better;
    }
    /// True after `patience` validations without a better one; never for a patience of 0.
    bool reached(std::uint32_t patience) const { return patience > 0 && since >= patience; }
    bool operator==(const EarlyStop&) const = default;
};

}  // namespace shadenet
