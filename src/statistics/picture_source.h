// Pictures that are read more than once, and of which only one at a time is in memory.
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

/// A picture that another object owns.
using PictureView = std::variant<const Image*, const Picture8*, const Picture16*>;

class PictureSource {
  public:
    virtual ~PictureSource() = default;
    virtual std::size_t size() const = 0;
    /// The name of the picture in messages.
    virtual std::string name(std::size_t index) const = 0;
    /// Valid until the next call; empty if the picture cannot be read.
    virtual std::optional<PictureView> read(std::size_t index) = 0;
};

/// Pictures that are all in memory.
class PicturesInMemory : public PictureSource {
  public:
    explicit PicturesInMemory(std::span<const Image> images) : images_(images) {}
    std::size_t size() const override { return images_.size(); }
    std::string name(std::size_t index) const override;
    std::optional<PictureView> read(std::size_t index) override { return &images_[index]; }

  private:
    std::span<const Image> images_;
};

/// Picture files. A file that cannot be read is left out from then on.
class PicturesInFiles : public PictureSource {
  public:
    /// `side`: pictures are resized to squares of this side; 0: they are not resized. `on_unreadable` is
    /// called once for each file that is left out.
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
    FilePicture file_;  ///< the latest picture, without a side
    Image resized_;     ///< the latest picture, with a side
};

}  // namespace shadenet
