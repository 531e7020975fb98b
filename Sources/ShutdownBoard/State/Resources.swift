package import ShutdownTrace

/// One thing that the server acquired and has to give back.
package struct Resource: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case inUse
        /// Takes nothing new any more.
        case quiesced(since: Time)
        case releasing(since: Time)
        case released(at: Time, took: Time)
        case failed(at: Time, cause: String)

        package var isReleasing: Bool { releasingSince != nil }

        package var isReleased: Bool { if case .released = self { true } else { false } }

        /// When its release began, while it goes on.
        var releasingSince: Time? { if case .releasing(let since) = self { since } else { nil } }

        /// Whether somebody may still need what it needs.
        var isHeld: Bool {
            switch self {
            case .inUse, .quiesced, .releasing: true
            case .released, .failed: false
            }
        }
    }

    package var name: ResourceName
    /// 1 for the one that was acquired first.
    package var index: Int
    package var state: State
    /// A few words that the server adds.
    package var detail: String
    /// Anything it still waits for, as the server last said.
    package var left: Int?
    /// Whether ``detail`` is what the server said when the resource took nothing new any more.
    package private(set) var isDetailOfQuiet = false
    /// How often it was released.
    package internal(set) var releases = 0
    /// What failed when it was to be released once more.
    package internal(set) var failedAgain: String?

    mutating func quiesce(at time: Time, _ detail: String?) {
        if case .inUse = state { state = .quiesced(since: time) }
        guard let detail else { return }
        self.detail = detail
        isDetailOfQuiet = true
    }

    mutating func beginRelease(at time: Time, left: Int?) {
        if !state.isReleased { state = .releasing(since: time) }
        self.left = left
    }

    /// Notes a release that failed; what one clean-up has released stays released, whatever another one finds.
    mutating func fail(at time: Time, _ cause: String, isAgain: Bool) {
        if isAgain, state.isReleased { failedAgain = cause } else { state = .failed(at: time, cause: cause) }
    }

    /// Whether its release has begun, so that nobody should use it any more.
    var isBeyondUse: Bool {
        switch state {
        case .inUse, .quiesced: false
        case .releasing, .released, .failed: true
        }
    }
}

/// The stack of resources: built at start, popped at shutdown.
package struct Resources: Hashable, Sendable {
    /// In order of acquisition.
    package internal(set) var stack: [Resource] = []
    /// The names in the order in which they were released.
    package internal(set) var releases: [ResourceName] = []
    /// Each release that came before one that was acquired later.
    package internal(set) var disorders: [Disorder] = []

    /// `early` was released although `held`, acquired after it, was still in use.
    package struct Disorder: Hashable, Sendable {
        package var early: ResourceName
        package var held: ResourceName
    }

    package var releasedCount: Int { stack.count { $0.state.isReleased } }

    /// What is being released at this moment: the innermost one that began.
    package var releasing: Resource? { stack.first(where: \.state.isReleasing) }

    package subscript(name: ResourceName) -> Resource? { stack.first { $0.name == name } }

    mutating func update(_ name: ResourceName, _ change: (inout Resource) -> Void) -> Bool {
        guard let index = stack.firstIndex(where: { $0.name == name }) else { return false }
        change(&stack[index])
        return true
    }

    mutating func acquire(_ resource: Resource) -> Bool {
        guard self[resource.name] == nil else { return false }
        stack.append(resource)
        return true
    }

    mutating func release(_ name: ResourceName, at time: Time, took: Time, detail: String?) -> Bool {
        guard let index = stack.firstIndex(where: { $0.name == name }), !stack[index].state.isReleased else {
            return false
        }
        if let held = stack[(index + 1)...].last(where: { $0.state.isHeld }) {
            disorders.append(Disorder(early: name, held: held.name))
        }
        stack[index].state = .released(at: time, took: took)
        stack[index].left = nil
        stack[index].releases += 1
        if let detail { stack[index].detail = detail }
        releases.append(name)
        return true
    }
}
