import ClusterCore
import Credentials
import KafkaProtocol
import KafkaTransport
import RESTAPI

// API keys and log-ins.

extension Fleet {
    // MARK: API keys

    private func store() throws(RESTError) -> CredentialStore {
        guard let keys else {
            throw RESTError(status: 503, code: 50003, message: "The server is starting or stopping.")
        }
        return keys
    }

    private func describe(_ key: Credentials.APIKey) -> APIKeyInfo {
        APIKeyInfo(
            id: key.id, displayName: registry.keyNames[key.id] ?? "", description: key.description, ownerID: key.owner,
            resourceID: key.clusterID, createdMs: key.createdMs, updatedMs: key.createdMs)
    }

    package func apiKeys() async throws -> [APIKeyInfo] {
        try store().list().map(describe)
    }

    package func createAPIKey(_ wish: APIKeyCreation) async throws -> (key: APIKeyInfo, secret: String) {
        let new: NewAPIKey
        do {
            new = try store().create(
                clusterID: wish.resourceID, description: wish.description, owner: wish.ownerID, now: WallClock.nowMs())
        } catch let error as CredentialError {
            throw refusal(error)
        }
        do {
            try noteKey(new.key.id, wish.displayName)
        } catch {
            // Its secret would never be known.
            _ = try? store().delete(new.key.id)
            throw error
        }
        // Whoever has a key may want to log in over TLS next: what there is to trust is there from now on.
        _ = authority
        return (describe(new.key), new.secret)
    }

    /// - Returns: what is wrong with a wish, or that it cannot be stored, which is none of the client's faults.
    private func refusal(_ error: CredentialError) -> RESTError {
        guard error.isOfStorage else {
            return .unprocessable("\(error)")
        }
        if keyLines.isDue("\(error)", now: MonotonicClock.nowMs()) {
            logger.error("API keys cannot be changed: \(error)")
        }
        return RESTError(status: 500, code: 50002, message: "The change cannot be stored.")
    }

    private func noteKey(_ id: String, _ displayName: String) throws(RESTError) {
        guard !displayName.isEmpty || !registry.hasHadKeys else {
            return
        }
        try change { registry in
            registry.hasHadKeys = true
            registry.keyNames[id] = displayName.isEmpty ? nil : displayName
        }
    }

    package func updateAPIKey(_ id: String, displayName: String?, description: String?) async throws -> APIKeyInfo {
        do {
            if let description {
                try store().update(id, description: description)
            }
        } catch let error as CredentialError {
            throw refusal(error)
        }
        guard let key = try store().describe(id) else {
            throw RESTError.notFound("API key '\(id)' does not exist.")
        }
        if let displayName {
            try change { $0.keyNames[id] = displayName.isEmpty ? nil : displayName }
        }
        return describe(key)
    }

    package func deleteAPIKey(_ id: String) async throws {
        do {
            guard try store().delete(id) else {
                throw RESTError.notFound("API key '\(id)' does not exist.")
            }
        } catch let error as CredentialError {
            throw refusal(error)
        }
        if registry.keyNames[id] != nil {
            try change { $0.keyNames[id] = nil }
        }
    }

    package func verify(key: String, secret: String, cluster: String) async -> Bool {
        keys?.verify(clusterID: cluster, id: key, secret: secret) ?? false
    }

    // MARK: Sessions

    /// How long a log-in lasts: a development server is not to be logged in to every day.
    private static let sessionMs: Int64 = 30 * 24 * 3_600_000

    package func logIn(email: String, password: String) async throws -> SessionInfo {
        if let expected = configuration.logIn {
            let isEmail = SessionToken.areEqual(SessionToken.digest(email), SessionToken.digest(expected.email))
            let isPassword = SessionToken.areEqual(
                SessionToken.digest(password), SessionToken.digest(expected.password))
            guard isEmail, isPassword else {
                logger.warning("a log-in was refused")
                throw RESTError.unauthorized("Invalid email or password.")
            }
        }
        guard email.utf8.count <= 320 else {
            throw RESTError.badRequest("An e-mail address has 320 bytes at most.")
        }
        let now = WallClock.nowMs()
        let token = SessionToken.make()
        let session = Registry.Session(
            digest: SessionToken.digest(token), email: email, expiresMs: now +| Self.sessionMs)
        try change { registry in
            registry.sessions.removeAll { $0.expiresMs <= now }
            let excess = registry.sessions.count + 1 - Registry.maximumSessions
            registry.sessions.removeFirst(max(0, excess))
            registry.sessions.append(session)
        }
        return SessionInfo(
            token: token, email: email, expiresMs: session.expiresMs, lifetimeMs: Self.sessionMs)
    }

    package func logOut(token: String) async {
        let digest = SessionToken.digest(token)
        try? change { registry in registry.sessions.removeAll { $0.digest == digest } }
    }

    package func session(token: String) async -> SessionInfo? {
        let digest = SessionToken.digest(token)
        let now = WallClock.nowMs()
        guard let session = registry.sessions.first(where: { $0.digest == digest && $0.expiresMs > now }) else {
            return nil
        }
        return SessionInfo(token: token, email: session.email, expiresMs: session.expiresMs)
    }

    package var requiresAuthentication: Bool { configuration.requiresHTTPAuthentication }
}

/// Log-ins of one cluster's SASL listeners, by API key.
struct ClusterAuthenticator: Authenticator {
    let keys: CredentialStore
    let clusterID: String

    /// A hash made slow on purpose; a storm of log-ins must not hold the cluster.
    var isSlow: Bool { true }

    func verify(username: String, password: String) -> Bool {
        keys.verify(clusterID: clusterID, id: username, secret: password)
    }
}
