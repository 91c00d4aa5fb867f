import Emulator

/// The command line of `serve`, read without the parser, which learns what a command takes by reflection: that took
/// longer than everything else up to the first answer.
enum ServeFlags {
    /// - Parameter arguments: what follows `serve`.
    /// - Returns: nil for whatever has to be explained: help, completion, wrong flags, a value given twice; others then
    ///   say what is wrong.
    /// - Throws: ``StartError`` for a broker config that is none.
    static func settings(_ arguments: some Sequence<String>) throws(StartError) -> ServeSettings? {
        var settings = ServeSettings()
        var pending: ServeOption?
        for word in arguments {
            if let option = pending {
                guard !word.isEmpty, !word.hasPrefix("-") else {
                    return nil
                }
                try settings.add(option, word)
                pending = nil
                continue
            }
            guard word.hasPrefix("--") else {
                return nil
            }
            let equals = word.firstIndex(of: "=")
            let name = String(word[..<(equals ?? word.endIndex)].dropFirst(2))
            guard let option = ServeOption(rawValue: name),
                settings[option] == nil || option.isSwitch || option.isRepeatable
            else {
                return nil
            }
            if let equals {
                let value = word[word.index(after: equals)...]
                guard !option.isSwitch, !value.isEmpty else {
                    return nil
                }
                try settings.add(option, String(value))
            } else if option.isSwitch {
                try settings.add(option, "true")
            } else {
                pending = option
            }
        }
        return pending == nil ? settings : nil
    }
}

extension ServeSettings {
    /// Enters what a flag says.
    mutating func add(_ option: ServeOption, _ text: String) throws(StartError) {
        let origin = SettingOrigin.flag(option.rawValue)
        if option == .brokerConfig {
            try setBrokerConfig(text, origin)
        } else {
            set(option, text, origin)
        }
    }
}
