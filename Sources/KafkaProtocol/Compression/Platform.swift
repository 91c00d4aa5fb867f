#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What this module asks of the C library: memory that can fail and grow, and one pointer per thread.
enum Platform {
    static func allocate(_ size: Int) -> UnsafeMutableRawPointer? { malloc(size) }

    static func reallocate(_ memory: UnsafeMutableRawPointer, _ size: Int) -> UnsafeMutableRawPointer? {
        realloc(memory, size)
    }

    static func release(_ memory: UnsafeMutableRawPointer) { free(memory) }
}

/// One pointer for each thread, nil at first.
struct ThreadSlot: Sendable {
    #if canImport(Darwin)
    typealias Destructor = @convention(c) (UnsafeMutableRawPointer) -> Void
    #else
    typealias Destructor = @convention(c) (UnsafeMutableRawPointer?) -> Void
    #endif

    private let key: pthread_key_t?

    /// `destructor` gets a thread's pointer when the thread ends.
    init(destructor: @escaping Destructor) {
        var key = pthread_key_t()
        self.key = pthread_key_create(&key, destructor) == 0 ? key : nil
    }

    /// Takes this thread's pointer out of the slot.
    func take() -> UnsafeMutableRawPointer? {
        guard let key, let pointer = pthread_getspecific(key) else { return nil }
        pthread_setspecific(key, nil)
        return pointer
    }

    /// Puts a pointer into this thread's empty slot; false when there is no room for one.
    func put(_ pointer: UnsafeMutableRawPointer) -> Bool {
        guard let key else { return false }
        return pthread_setspecific(key, pointer) == 0
    }
}
