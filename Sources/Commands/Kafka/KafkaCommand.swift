import ArgumentParser

struct KafkaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kafka",
        abstract: "Manage clusters, topics, links and mirror topics.",
        subcommands: [
            ClusterCommand.self, TopicCommand.self, ConsumerCommand.self, LinkCommand.self, MirrorCommand.self,
            ClientConfigCommand.self,
        ])
}

struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Manage Kafka clusters.",
        subcommands: [
            ClusterListCommand.self, ClusterDescribeCommand.self, ClusterCreateCommand.self, ClusterUpdateCommand.self,
            ClusterUseCommand.self, ClusterDeleteCommand.self, ClusterClientConfigCommand.self,
        ])
}

struct TopicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topic", abstract: "Manage topics, write to them and read from them.",
        subcommands: [
            TopicListCommand.self, TopicCreateCommand.self, TopicDescribeCommand.self, TopicUpdateCommand.self,
            TopicDeleteCommand.self, TopicProduceCommand.self, TopicConsumeCommand.self,
            TopicConfigurationCommand.self,
        ])
}

struct TopicConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration", abstract: "Look at the configs of a topic.",
        subcommands: [TopicConfigurationListCommand.self])
}

struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Manage cluster links.",
        subcommands: [
            LinkCreateCommand.self, LinkListCommand.self, LinkDescribeCommand.self, LinkDeleteCommand.self,
            LinkConfigurationCommand.self, LinkTaskCommand.self,
        ])
}

struct LinkConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration", abstract: "Manage the configs of a cluster link.",
        subcommands: [LinkConfigurationListCommand.self, LinkConfigurationUpdateCommand.self])
}

struct LinkTaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Look at what a cluster link does in the background.",
        subcommands: [LinkTaskListCommand.self])
}

struct MirrorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror", abstract: "Manage mirror topics.",
        subcommands: [
            MirrorCreateCommand.self, MirrorListCommand.self, MirrorDescribeCommand.self, MirrorVerifyCommand.self,
        ])
}
