// Pictures to be looked at more than once, of which one at a time is in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "image/image.h"
#include "image/picture_file.h"

namespace shadenet {

/// A picture that is somewhere else.
using PictureView = std::variant<const Image*, const Picture8*, const Picture16*>;

class PictureSource {
  public:
    virtual ~PictureSource() = default;
    virtual std::size_t size() const = 0;
    /// What messages call the picture.
    virtual std::string name(std::size_t index) const = 0;
    /// In place until the next call; none where it cannot be read.
    virtual std::optional<PictureView> read(std::size_t index) = 0;
};

/// Pictures that are all in memory, and stay there.
class PicturesInMemory : public PictureSource {
  public:
    explicit PicturesInMemory(std::span<const Image> images) : images_(images) {}
    std::size_t size() const override { return images_.size(); }
    std::string name(std::size_t index) const override;
    std::optional<PictureView> read(std::size_t index) override { return &images_[index]; }

  private:
    std::span<const Image> images_;
};

/// Picture files. One that cannot be read is left out from then on.
class PicturesInFiles : public PictureSource {
  public:
    /// `side`: pictures are resized to squares of it; 0 keeps their sizes. `on_unreadable` hears once of each
    /// file that is left out, and why.
    PicturesInFiles(std::vector<std::filesystem::path> paths, std::uint32_t side,
                    std::function<void(const std::string& why)> on_unreadable);
    std::size_t size() const override { return paths_.size(); }
    std::string name(std::size_t index) const override { return paths_[index].string(); }
    std::optional<PictureView> read(std::size_t index) override;

  private:
    PictureView load(const std::filesystem::path& path);

    std::vector<std::filesystem::path> paths_;
    std::uint32_t side_;
    std::function<void(const std::string&)> on_unreadable_;
    std::set<std::size_t> unreadable_;
    FilePicture file_;  ///< the latest, at its own size
    Image resized_;     ///< the latest, where there is a side
};

}  // namespace shadenet
