// All keys, over everything else.
#pragma once

#include "viewer/layout.h"

namespace shadenet {

class HelpOverlay {
  public:
    bool open() const { return open_; }
    void toggle() { open_ = !open_; }
    /// Takes its keys, and draws while it is open; outside of other Dear ImGui windows, after them.
    void draw(Layout& layout);

  private:
    bool open_ = false, shown_ = false;
};

}  // namespace shadenet
