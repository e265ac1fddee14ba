// The row of buttons above the pictures.
#pragma once

#include "viewer/layout.h"
#include "viewer/view_settings.h"
#include "viewer/view_transform.h"

namespace shadenet {

/// Has as many rows as the window's width requires.
void draw_view_toolbar(ViewSettings& settings, ViewTransform& transform, bool has_target, Layout& layout);

}  // namespace shadenet
