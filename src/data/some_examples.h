// Some examples of a run, where no others are to be read: in a run of several processes most are elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/examples.h"

namespace shadenet {

class SomeExamples {
  public:
    /// The examples of `all` with these numbers, which rise. `all` must outlive the object.
    SomeExamples(const Examples& all, const std::vector<std::uint32_t>& numbers);

    const Examples& examples() const { return *some_; }
    /// The numbers in examples() of the examples that have these in `all`.
    std::vector<std::uint32_t> here(const std::vector<std::uint32_t>& numbers) const;

  private:
    std::vector<std::uint32_t> numbers_;
    std::unique_ptr<Examples> some_;
};

}  // namespace shadenet
