import ArgumentParser
import RESTAPI
import Testing

@testable import Commands

struct ControlPlaneTests {
    private func parse<C: ParsableCommand>(_ line: String, as type: C.Type) throws -> C {
        try #require(try TwinlogCommand.parseAsRoot(line.split(separator: " ").map(String.init)) as? C)
    }

    @Test("a basic cluster is asked for as /cmk/v2 wants it")
    func basicCluster() throws {
        let command = try parse(
            "kafka cluster create source-cluster --type basic --cloud gcp --region us-west4",
            as: ClusterCreateCommand.self)
        #expect(
            command.body(environment: "env-1") == [
                "spec": [
                    "display_name": "source-cluster", "availability": "SINGLE_ZONE", "cloud": "GCP",
                    "region": "us-west4", "config": ["kind": "Basic"], "environment": ["id": "env-1"],
                ]
            ])
    }

    @Test(
        "a dedicated cluster has a size, two at least over several zones",
        arguments: [
            ("", 1, "SINGLE_ZONE"), ("--cku 3", 3, "SINGLE_ZONE"), ("--availability multi-zone", 2, "MULTI_ZONE"),
        ])
    func dedicatedCluster(_ flags: String, _ cku: Int64, _ availability: String) throws {
        let command = try parse(
            "kafka cluster create d --type dedicated --cloud aws --region r \(flags)", as: ClusterCreateCommand.self)
        let spec = command.body(environment: "e")["spec"]
        #expect(spec?["config"] == ["kind": "Dedicated", "cku": .int(cku)])
        #expect(spec?["availability"]?.string == availability)
    }

    @Test("an update holds only what changes")
    func update() throws {
        let rename = try parse("kafka cluster update c --name n", as: ClusterUpdateCommand.self)
        #expect(rename.body(environment: "e") == ["spec": ["environment": ["id": "e"], "display_name": "n"]])
        let resize = try parse("kafka cluster update c --cku 2", as: ClusterUpdateCommand.self)
        #expect(
            resize.body(environment: "e") == [
                "spec": ["environment": ["id": "e"], "config": ["kind": "Dedicated", "cku": 2]]
            ])
    }

    @Test("clusters are found by ID before name, and a name that several have is refused")
    func finding() throws {
        func cluster(_ id: String, _ name: String) -> ClusterSummary {
            ClusterSummary(["id": .string(id), "spec": ["display_name": .string(name)]])
        }
        let clusters = [cluster("lkc-1", "lkc-2"), cluster("lkc-2", "a"), cluster("lkc-3", "a")]
        #expect(try ClusterOptions.find("lkc-2", in: clusters).id == "lkc-2")
        #expect(throws: CLIError.self) { try ClusterOptions.find("a", in: clusters) }
        #expect(throws: CLIError.self) { try ClusterOptions.find("b", in: clusters) }
        #expect(throws: CLIError("Kafka cluster \"b\" not found (there are no clusters)")) {
            try ClusterOptions.find("b", in: [])
        }
    }

    @Test("the thing in use has a star for people and a Boolean for programs")
    func marks() throws {
        let environments: [JSON] = [
            ["id": "env-1", "display_name": "a", "stream_governance_config": ["package": "ESSENTIALS"]],
            ["id": "env-2", "display_name": "b"],
        ]
        let table = EnvironmentListCommand.table(environments, current: "env-1")
        let lines = table.text(.human).split(separator: "\n")
        #expect(lines[2].hasPrefix("  *       | env-1"))
        #expect(lines[3].hasPrefix("          | env-2"))
        let rows = try #require(try JSON.parse(table.text(.json)).array)
        #expect(rows.map { $0["is_current"] } == [true, false])
        #expect(rows[0]["stream_governance_package"] == "ESSENTIALS")
    }

    @Test("an API key's row names its cluster and whether it is in use")
    func keys() throws {
        var context = Context()
        context.email = "a@b"
        context.store(KeyPair(key: "K", secret: "S"), for: "lkc-1", activate: true)
        let key: JSON = [
            "id": "K", "metadata": ["created_at": "2026-01-02T03:04:05Z"],
            "spec": ["description": "d", "owner": ["id": "u"], "resource": ["id": "lkc-1"]],
        ]
        let rows = try #require(try JSON.parse(APIKeyListCommand.table([key], context: context).text(.json)).array)
        #expect(
            rows == [
                [
                    "is_current": true, "key": "K", "description": "d", "owner": "u", "owner_email": "a@b",
                    "resource_type": "kafka",
                    "resource": "lkc-1", "created": "2026-01-02T03:04:05Z",
                ]
            ])
    }
}

struct ConnectorTests {
    @Test("a connector's file holds name and config, or the configs alone; numbers and Booleans become text")
    func files() throws {
        let nested = try ConnectorFile.parse(["name": "n", "config": ["connector.class": "C", "max.interval": 5]])
        #expect(nested.name == "n")
        #expect(nested.config == ["connector.class": "C", "max.interval": "5"])
        let flat = try ConnectorFile.parse(["name": "n", "connector.class": "C", "x": true])
        #expect(flat.name == "n")
        #expect(flat.config == ["name": "n", "connector.class": "C", "x": "true"])
    }

    @Test(
        "other files are refused",
        arguments: [
            "[]", "1", #"{"config": {}}"#, #"{"name": "n"}"#, #"{"name": "", "connector.class": "C"}"#,
            #"{"name": "n", "config": []}"#, #"{"name": "n", "config": {"connector.class": "C", "a": {}}}"#,
        ])
    func badFiles(_ text: String) throws {
        let value = try JSON.parse(text)
        #expect(throws: CLIError.self) { try ConnectorFile.parse(value) }
    }

    @Test("an expanded list entry becomes a row")
    func row() {
        let connector = ConnectorSummary(
            name: "n",
            [
                "id": ["id": "lcc-1"], "info": ["config": ["b": "2", "a": "1"]],
                "status": ["type": "source", "connector": ["state": "FAILED", "trace": "why"], "tasks": [["id": 0]]],
            ])
        #expect(ConnectListCommand.row(connector) == ["lcc-1", "n", "FAILED", "source", "why"])
        #expect(connector.config.map(\.name) == ["a", "b"])
        #expect(connector.tasks.count == 1)
    }
}

struct GroupTests {
    @Test("range assignment gives neighbours to members in order, the first ones a partition more")
    func ranges() {
        let assigned = RangeAssignor.assign(["b": ["t"], "a": ["t", "u"], "c": ["t"]], ["t": 7, "u": 1])
        #expect(assigned == ["a": ["t": [0, 1, 2], "u": [0]], "b": ["t": [3, 4]], "c": ["t": [5, 6]]])
    }

    @Test("members without a partition have no assignment, topics without members go unread")
    func ends() {
        #expect(RangeAssignor.assign(["a": ["t"], "b": ["t"]], ["t": 1]) == ["a": ["t": [0]]])
        #expect(RangeAssignor.assign(["a": ["t"]], ["t": 0, "u": 5]).isEmpty)
    }

    @Test("assignments are written as consumers read them")
    func encoding() throws {
        // Version 1, one topic "t", partitions 0 and 2, no user data.
        let bytes: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 1, 0x74, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 255, 255, 255, 255]
        #expect(GroupReader.encodeAssignment(["t": [0, 2]]) == bytes)
        #expect(try GroupReader.decodeAssignment(bytes).map(\.partition) == [0, 2])
        #expect(try GroupReader.decodeAssignment([]).isEmpty)
        #expect(throws: CLIError.self) { try GroupReader.decodeAssignment([0, 1, 0]) }
    }
}

struct SecurityConfigTests {
    @Test("quotes and backslashes in a secret survive JAAS")
    func escaping() {
        let configs = SecurityConfigs.plain(KeyPair(key: "K", secret: "a\"b\\c"))
        #expect(configs["security.protocol"] == "SASL_SSL")
        #expect(configs["sasl.jaas.config"]?.contains(#"password="a\"b\\c";"#) == true)
    }

    @Test("a link's key becomes the client configs that say the same")
    func linkFlags() throws {
        let line =
            "kafka link create l --source-api-key K --source-api-secret S --config bootstrap.servers=h:1,acks=all"
        let command = try #require(
            try TwinlogCommand.parseAsRoot(line.split(separator: " ").map(String.init)) as? LinkCreateCommand)
        let configs = try command.linkConfigs()
        #expect(configs["bootstrap.servers"] == "h:1")
        #expect(configs["acks"] == "all")
        #expect(configs["sasl.mechanism"] == "PLAIN")
    }
}
