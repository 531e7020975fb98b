internal import ShutdownTrace

/// What lies under the mouse: each painter says it of the cells that it paints.
enum Target: Hashable, Sendable {
    /// A key of the footer.
    case key(Key)
    /// The lane of the request with this id.
    case lane(Int)
    case lanes
    case events
    case verdict
    /// What lies over the dashboard, and hides what is below it.
    case overlay
    /// A row of a menu or of the catalogue.
    case row(Int)
    /// A cell of the timeline, and the moment that it stands for.
    case moment(Time)
}

/// The targets on one picture; a later one lies over an earlier one.
struct Targets: Sendable {
    private var places: [(rect: Rect, target: Target)] = []

    mutating func add(_ target: Target, _ rect: Rect) {
        if !rect.isEmpty { places.append((rect, target)) }
    }

    /// The target of a cell; nil where there is none, or no such cell.
    subscript(row: Int, column: Int) -> Target? {
        places.last { place in
            let rect = place.rect
            return rect.row..<rect.bottom ~= row && rect.column..<rect.right ~= column
        }?.target
    }
}
