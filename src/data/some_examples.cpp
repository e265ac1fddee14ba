#include "data/some_examples.h"

#include "data/example_subset.h"
#include "data/picture_crops.h"
#include "group/shares.h"

namespace shadenet {

SomeExamples::SomeExamples(const Examples& all, const std::vector<std::uint32_t>& numbers)
    : numbers_(numbers) {
    const PictureCrops* const crops = all.crops();
    if (crops == nullptr) {
        some_ = std::make_unique<ExampleSubset>(all, numbers);
        return;
    }
    // Where a crop lies depends on its number.
    std::vector<std::uint32_t> pairs;
    for (const std::uint32_t number : numbers) pairs.push_back(number / crops->crops_of_pair());
    some_ = std::make_unique<PictureCrops>(crops->only(pairs));
}

std::vector<std::uint32_t> SomeExamples::here(const std::vector<std::uint32_t>& numbers) const {
    return some_->crops() != nullptr ? numbers : places_in(numbers_, numbers);
}

}  // namespace shadenet
