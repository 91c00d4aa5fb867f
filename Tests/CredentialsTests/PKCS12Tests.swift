import Foundation
import Testing

@testable import Credentials

/// Files made with `openssl pkcs12 -export`, password "changeit", from one self-signed certificate.
@Suite("PKCS #12")
struct PKCS12Tests {
    /// PBES2 with AES-256, without a key: what Java calls a truststore.
    static let trusting = """
        MIICpwIBAzCCAl0GCSqGSIb3DQEHAaCCAk4EggJKMIICRjCCAkIGCSqGSIb3DQEHBqCCAjMwggIvAgEAMIICKAYJKoZIhvcNAQcB
        MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgZMeu1rJLAbQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAOd
        myOKMfLRCEZ5i//0Tx6AggHAesL5kQXLy11uTy0pNKdFUwFcTKdWYj2BB25WhzDioWRaDc/UijwFnZmczwyPsnRQ/8/HWANfAXoK
        BvrgRZ3l14ehpiBKEsrpQg8Ulaf2bDoXLMZk9VUYK/fxXlKpoTSkdWtjdBfQ6wqJxaA8TOJq0X9idJylEVl7KRNj0QxE1m05XbN2
        LJeFcBGfulda3viwTdIsk/G+46z95Rek7JP9XwEtKlgmYQ+I5iZ6Uxkoe+UZcTvr7Zc2nr/rFRiPVm3I989K7o5TpB9lEX8X5g/z
        owC8Txg5+yZQt8mJEqIbbfRJqaYxGMjw4bYNxEv9nT4ky9sgm7FA0hVjYeZU9wAfdsha+GYpv+MfvOqozwP/CB331Nsz+Vi0KQDB
        fFbWxNgRT+5IRWKn4JNU+4zpja5jiQsECNFuoP63TZqfn2VJSmXdyYHvgxgIYpmfq0rSoQAFmYyzfJOHQ9E0DnmS4sQOheHOAHku
        PJIqa7S96FBokGAbMRYVoozfz8r7zKmfPvwgw3SfJwuzYz9szGVyI+VFu3lo5dz4q4IbBRZ4tjN/06Ngq9K4oG3Pr9vtkrL9gUO7
        ZkSyx/4h0Mf9378LqkBPFTBBMDEwDQYJYIZIAWUDBAIBBQAEIP361IenKfL2BIu4Cpgt4y6SUMElm72lSC8Hm09SziymBAjCv8Z0
        7Xd4+wICCAA=
        """

    /// The same with a key in it.
    static let withKey = """
        MIIEDAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAmIGCSqGSIb3DQEHBqCCAlMwggJPAgEAMIICSAYJKoZIhvcNAQcB
        MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhHFdoRT8KBxgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECgH
        g6MbU6VSbiU3XvvDVGWAggHgtm6KmcsWcHJAU86swojLlXNAP/AzWw521FUWID645qegnmb78mkF2vSK56zfe9V4Uz/uGmIXGqzW
        aqvfWblQ1ZSAYUIEhkhG0oirCTu4aDLmv+NbPCBG+X4ZD9OqWLqtmnVdspYYvz8U+q6M8iDxHYL0M93nqviHsIS9FA6Z++MipiSy
        JCq3k4UbsDX51DZKbc1kPk6NgklUFKEau3+ypyr3CSIKc/pBepeOlrR0/atx2UFii86X1/QTd6CBUf7QjR73Xx1kE7yPXp4GMlpP
        EU9xiZSQpRZOjja5DwvaVrowv1FhsKUUly4RBt44GEF51xMg2SRuTch1CvTz2vOAAZRQP4m0pvPWxsGOJ3AVZOh7g4ds56odUgM9
        6RHyHGpQnuWyeLX9T8eQFYJH8ji/O64ASBPt47zV/w4xdDqzaVKMul+txECaNRaQa/UH+UKxyjCrSMcv4FkZVji+2mtDIK99znEi
        WgMuaPBg1BoSOm2zGf9jwjNKqOLhF2BEO+11wOO62u8ki8kN4EcSxy5cexYHnUrw1F3qudVtuhWOev/8bnyhiZXBtg1FTeS8tFWs
        aBq0idfyUYoTx6JrPbVDEsS8xrxEyF0ew/xDJS0G86Z3hn0m3FHuegIshf1b/oInMIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEq
        MIIBJgYLKoZIhvcNAQwKAQKgge8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECHqiAvo3f6L5AgIIADAMBggqhkiG
        9w0CCQUAMB0GCWCGSAFlAwQBKgQQGiGptlRFgZm5VkhwlE1LYwSBkLg3kb62FgU6a7ZsFPwvD+43kYxQMRnPHNHI6Bqsq5k7LQgL
        VkFr7k5hQ2ZZPsgDMeQExCrvlzcTmkpe/v1BFGe2gXOveBc9F3GDJOCFkohJbIyiJH0yJYpUV9457r20ocgxBZOAOv5AofFKiSSa
        Gmk4doWcWnDz7YSpaF/hXk566eGkdqK/Q3960ozauSY8qzElMCMGCSqGSIb3DQEJFTEWBBSK98Jkdc7rXB4v1SlKOHnOgIhkWjBB
        MDEwDQYJYIZIAWUDBAIBBQAEIPkPTK8YqY9CqSrwiP9p15u9/oRk02EyLu/kcSD2bgurBAgrzEIJGRrUhwICCAA=
        """

    /// Certificates in the clear.
    static let clear = """
        MIICKQIBAzCCAd8GCSqGSIb3DQEHAaCCAdAEggHMMIIByDCCAcQGCSqGSIb3DQEHAaCCAbUEggGxMIIBrTCCAakGCyqGSIb3DQEM
        CgEDoIIBmDCCAZQGCiqGSIb3DQEJFgGgggGEBIIBgDCCAXwwggEhoAMCAQICFFUK2Foy0TBuO7hNw6QSIC4vDl3vMAoGCCqGSM49
        BAMCMBIxEDAOBgNVBAMMB2ZpeHR1cmUwIBcNMjYxMTIyMTQxNjA5WhgPMjEyNjEwMjkxNDE2MDlaMBIxEDAOBgNVBAMMB2ZpeHR1
        cmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATEqPB0M1PHwj4l5YSV6ls70JdyT2D16Avxokp5rBwyC+9h1y3KIoEd16qAZBUJ
        0W07viTpe0T+gyB/Hmp7FmTbo1MwUTAdBgNVHQ4EFgQU3MjiSYxK6536aVVKFpnt79q2kogwHwYDVR0jBBgwFoAU3MjiSYxK6536
        aVVKFpnt79q2kogwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA8sNJMVQ6w3MRaG263dqRiYaamOJLpFIFUu+2
        0MXBUeECIQCjH34ePLa53jTq5k20+Md2oibAmZzrM9LIyUn0gyhaOzBBMDEwDQYJYIZIAWUDBAIBBQAEIIOM67V7hYALfUGaLKOa
        oQFERlYk6Wet3V5f5IjAqTC3BAi8CKL4qyTZ2gICCAA=
        """

    /// RC2 and triple DES.
    static let legacy = """
        MIICVAIBAzCCAhoGCSqGSIb3DQEHAaCCAgsEggIHMIICAzCCAf8GCSqGSIb3DQEHBqCCAfAwggHsAgEAMIIB5QYJKoZIhvcNAQcB
        MBwGCiqGSIb3DQEMAQYwDgQI7fgOMUk97OgCAggAgIIBuCSSYb7whV3+x0f/xsvllME1K1EpnIuPv73vjZ4HjdEvcmI/Ub4L5Uk3
        i2Uqzm4aDJ6Q/GSCsIzARYDbb34XEP6GThkDBkt772X+45OQvJSodWPE7JuscfoUIII4UmKrG1HdtmcDAhefJPFQriyO34GeXqTj
        tgkwp97MCE1yNMGRhvrOcypjqKMLW8T1ha5zMlUPLkCjkemPIOKhQTaQmbcV/vmir1g2DEJf+fjnr5Xps+ClKZgd8SyYK3hvfY5V
        dwRT9dBncJc8Hl+C3M9T7KeyuIWVroFy/DdJ1Vr4EiK8Ds1H1Qu6YSEGyFPCQ/yKc8/N0TTTeW+St+/LwgPo2+RSmyuNH9d/XLkG
        Qx4UWlCn0u8sLO/oFVUy605uDXI26DkGnhCOBsx1xp9j3thojQIEEqcqPULyKc6yfdOcBxbkWosSAL8PnXpbLXqYmPZuO8JeezgF
        Nt8RWXhD250LgK2PcisY/40Z2ZJS9d/IeG2waBLpPjMsvcn7jJkwru+ZZEp1ljnw2CDIKNyQWcB7ZD1Y6u4elCW83PDIzCaI0C+Y
        a449giCmXGCsBJX37ylIg7qzsPdeY44aMDEwITAJBgUrDgMCGgUABBQaITFa2iW+Mhzgzyfj4hZpSsSHLgQI7EVvbeFKtUQCAggA
        """

    /// The certificate, in DER.
    static let certificate = """
        MIIBfDCCASGgAwIBAgIUVQrYWjLRMG47uE3DpBIgLi8OXe8wCgYIKoZIzj0EAwIwEjEQMA4GA1UEAwwHZml4dHVyZTAgFw0yNjEx
        MjIxNDE2MDlaGA8yMTI2MTAyOTE0MTYwOVowEjEQMA4GA1UEAwwHZml4dHVyZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMSo
        8HQzU8fCPiXlhJXqWzvQl3JPYPXoC/GiSnmsHDIL72HXLcoigR3XqoBkFQnRbTu+JOl7RP6DIH8eansWZNujUzBRMB0GA1UdDgQW
        BBTcyOJJjErrnfppVUoWme3v2raSiDAfBgNVHSMEGDAWgBTcyOJJjErrnfppVUoWme3v2raSiDAPBgNVHRMBAf8EBTADAQH/MAoG
        CCqGSM49BAMCA0kAMEYCIQDyw0kxVDrDcxFobbrd2pGJhpqY4kukUgVS77bQxcFR4QIhAKMffh48trneNOrmTbT4x3aiJsCZnOsz
        0sjJSfSDKFo7
        """

    private static func bytes(_ text: String) -> [UInt8] {
        Array(Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data())
    }

    @Test("certificates come out, with and without a key beside them", arguments: [trusting, withKey, clear])
    func certificates(file: String) throws {
        let found = try PKCS12.certificates(Self.bytes(file), password: "changeit")
        #expect(found == [Self.bytes(Self.certificate)])
    }

    @Test("a wrong password is called that")
    func wrongPassword() {
        for password in ["", "changeIt"] {
            #expect { try PKCS12.certificates(Self.bytes(Self.trusting), password: password) } throws: {
                "\($0)".contains("password")
            }
        }
    }

    @Test("old encryption is refused by name")
    func oldEncryption() {
        #expect { try PKCS12.certificates(Self.bytes(Self.legacy), password: "changeit") } throws: {
            "\($0)".contains("RC2")
        }
    }

    @Test("a file that ends early, or is something else, is an error and no crash")
    func truncated() {
        let file = Self.bytes(Self.trusting)
        for length in stride(from: 0, to: file.count, by: 7) {
            #expect(throws: CredentialError.self) {
                try PKCS12.certificates(Array(file.prefix(length)), password: "changeit")
            }
        }
        #expect(throws: CredentialError.self) { try PKCS12.certificates(Array("hello".utf8), password: "") }
    }
}
