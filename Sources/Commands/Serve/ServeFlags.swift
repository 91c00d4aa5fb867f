import Emulator

/// The command line of `serve`, read without the parser, which learns what a command takes by reflection: that took
/// longer than everything else up to the first answer.
enum ServeFlags {
    /// - Parameter arguments: what follows `serve`.
    /// - Returns: nil for whatever has to be explained: help, completion, wrong flags, a value given twice, a broker
    ///   config that is none; others then say what is wrong, and which of several faults comes first.
    static func settings(_ arguments: some Sequence<String>) -> ServeSettings? {
        var settings = ServeSettings()
        var pending: ServeOption?
        for word in arguments {
            if let option = pending {
                guard !word.isEmpty, !word.hasPrefix("-"), settings.add(option, word) else {
                    return nil
                }
                pending = nil
                continue
            }
            guard word.hasPrefix("--") else {
                return nil
            }
            let equals = word.firstIndex(of: "=")
            let name = String(word[..<(equals ?? word.endIndex)].dropFirst(2))
            guard let option = ServeOption.named(name),
                settings[option] == nil || option.isSwitch || option.isRepeatable
            else {
                return nil
            }
            if let equals {
                let value = word[word.index(after: equals)...]
                guard !option.isSwitch, !value.isEmpty, settings.add(option, String(value)) else {
                    return nil
                }
            } else if !option.isSwitch {
                pending = option
            } else if !settings.add(option, "true") {
                return nil
            }
        }
        return pending == nil ? settings : nil
    }
}

extension ServeSettings {
    /// Enters what a flag says.
    /// - Returns: false for a broker config that is none.
    fileprivate mutating func add(_ option: ServeOption, _ text: String) -> Bool {
        let origin = SettingOrigin.flag(option.rawValue)
        guard option == .brokerConfig else {
            set(option, text, origin)
            return true
        }
        do throws(StartError) {
            try setBrokerConfig(text, origin)
            return true
        } catch {
            return false
        }
    }
}
