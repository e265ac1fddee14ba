// A picture of the window, and what its layout says of it.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "image/image.h"

namespace shadenet::test {

struct Place {
    double x = 0, y = 0;
};

/// In pixels of the window.
struct Region {
    double left = 0, top = 0, right = 0, bottom = 0;
    Place middle() const { return {(left + right) / 2, (top + bottom) / 2}; }
};

class Shot {
  public:
    /// FILE and FILE.json.
    explicit Shot(const std::filesystem::path& file);

    std::uint32_t width() const { return picture_.width; }
    std::uint32_t height() const { return picture_.height; }
    bool has(const std::string& name) const { return layout_.at("regions").contains(name); }
    Region region(const std::string& name) const;
    double number(const std::string& name) const { return layout_.at("values").at(name).get<double>(); }
    std::string text(const std::string& name) const;
    /// All numbers and texts.
    std::string values() const { return layout_.at("values").dump(); }

    /// How many grey levels the picture shown in the region "input", "output" or "target" differs from
    /// `picture` at most, wherever the view is zoomed and moved to. 255 where nothing can be compared.
    int difference(const std::string& region, const Image& picture) const;
    /// The same of two shots' whole regions; 255 when they have not the same size.
    int difference(const std::string& region, const Shot& other) const;
    std::size_t colours(const std::string& region) const;

  private:
    int grey(std::uint32_t c, std::uint32_t y, std::uint32_t x) const;

    Image picture_;
    nlohmann::json layout_;
};

}  // namespace shadenet::test
