// The colour profiles of a data set's pictures: whether they fit one another, and what a model remembers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "image/colour_profile.h"
#include "model/model_colours.h"

namespace shadenet {

class PairProfiles {
  public:
    /// One more pair. `target_icc`: the bytes of the ICC profile after the filter, which of_results() and a
    /// model have from the first pair that has some.
    void add(const std::string& name, const ColourProfile& before, const ColourProfile& after,
             std::span<const std::byte> target_icc = {});

    /// What a filter would learn wrongly from, and what to do; none where every picture has one profile.
    /// `which`: "" or "validation ".
    std::vector<std::string> lines(const char* which = "") const;
    ModelColours colours() const;
    /// What a picture of the network has beside its pixels, which are in the targets' colours: their profile
    /// where it is one for all, and not sRGB, which needs no words.
    Metadata of_results() const;

  private:
    /// Of one side of the pairs: the profiles by their ids, and how many pictures have each.
    struct Side {
        struct Found {
            ColourProfile profile;
            std::uint32_t pictures = 0;
        };
        std::map<std::string, Found> profiles;
        std::optional<ProfileName> only() const;
        void add(const ColourProfile& profile);
        std::string counts() const;
    };

    Side inputs_, targets_;
    std::uint32_t differing_ = 0;
    std::string example_;                ///< of a pair whose profiles differ
    std::vector<std::byte> target_icc_;  ///< of the first target that has one
};

}  // namespace shadenet
