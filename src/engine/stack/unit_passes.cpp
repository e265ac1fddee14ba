#include "engine/stack/unit_passes.h"

#include "engine/stack/average.h"

namespace shadenet {

namespace {

class AverageUnit : public UnitPasses {
  public:
    explicit AverageUnit(const UnitContext& context)
        : points_(context.points),
          unit_(context.unit()),
          add_(context.add),
          average_(context.device, points_.shape(unit_.from)) {}

    void forward(StackPass& pass) override {
        average_.forward(pass.recorder, points_.value(unit_.from), points_.value(unit_.to));
        pass.moments.reset();
    }
    void backward(StackPass& pass) override {
        if (unit_.from == 0) return;
        const PackedView dx = points_.gradient(unit_.from);
        if (!points_.has_part(unit_.from)) {
            return average_.backward(pass.recorder, points_.gradient(unit_.to), dx);
        }
        const PackedView part = points_.part(unit_.from);
        average_.backward(pass.recorder, points_.gradient(unit_.to), part);
        add_.add(pass.recorder, dx, part, dx);
    }

  private:
    StackPoints& points_;
    Unit unit_;
    const AddPass& add_;
    AveragePass average_;
};

class AddUnit : public UnitPasses {
  public:
    explicit AddUnit(const UnitContext& context)
        : points_(context.points), unit_(context.unit()), add_(context.add) {
        for (std::size_t i = context.index + 1; i < context.units.size(); ++i) {
            const Unit& later = context.units[i];
            first_ = first_ && !(later.kind == Unit::Kind::add && later.added == unit_.added);
        }
    }

    void forward(StackPass& pass) override {
        add_.add(pass.recorder, points_.value(unit_.from), points_.value(unit_.added),
                 points_.value(unit_.to));
        pass.moments.reset();
    }

    /// Where nothing else reads `from`, its gradient is the result's own.
    void backward(StackPass& pass) override {
        const PackedView dy = points_.gradient(unit_.to);
        if (unit_.added > 0) {
            const PackedView dx = points_.gradient(unit_.added);
            first_ ? add_.copy(pass.recorder, dy, dx) : add_.add(pass.recorder, dx, dy, dx);
        }
        if (unit_.from == 0 || !points_.is_added(unit_.from)) return;
        const PackedView dx = points_.gradient(unit_.from);
        add_.add(pass.recorder, dx, dy, dx);
    }

  private:
    StackPoints& points_;
    Unit unit_;
    const AddPass& add_;
    bool first_ = true;  ///< backward, no unit has written to the gradient of `added` before
};

}  // namespace

std::unique_ptr<UnitPasses> make_unit_passes(const UnitContext& context) {
    switch (context.unit().kind) {
        case Unit::Kind::weights:
            return make_weight_unit(context);
        case Unit::Kind::values:
            return make_value_unit(context);
        case Unit::Kind::average:
            return std::make_unique<AverageUnit>(context);
        case Unit::Kind::add:
            break;
    }
    return std::make_unique<AddUnit>(context);
}

}  // namespace shadenet
