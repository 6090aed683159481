
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'countersign' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'countersign'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'countersign' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'Attach a signature, an attestation or an SBOM to an image')
            [CompletionResult]::new('attest', 'attest', [CompletionResultType]::ParameterValue, 'Sign an attestation of an image')
            [CompletionResult]::new('attest-blob', 'attest-blob', [CompletionResultType]::ParameterValue, 'Sign an attestation of a file')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Work with Sigstore bundles')
            [CompletionResult]::new('clean', 'clean', [CompletionResultType]::ParameterValue, 'Remove signatures, attestations and SBOMs from an image')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy an image with its signatures, attestations and all that refers to it')
            [CompletionResult]::new('dockerfile', 'dockerfile', [CompletionResultType]::ParameterValue, 'Verify the images that a Dockerfile builds on')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Say what works with a registry and what to do about the rest')
            [CompletionResult]::new('download', 'download', [CompletionResultType]::ParameterValue, 'Download the signatures, attestations or SBOM of an image')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the environment variables that are read, and their values')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print the payload that sign would sign')
            [CompletionResult]::new('generate-key-pair', 'generate-key-pair', [CompletionResultType]::ParameterValue, 'Make a key pair to sign with')
            [CompletionResult]::new('import-key-pair', 'import-key-pair', [CompletionResultType]::ParameterValue, 'Import a private key of another tool to sign with')
            [CompletionResult]::new('initialize', 'initialize', [CompletionResultType]::ParameterValue, 'Fetch the trust root of Sigstore, or of an instance of your own')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show who claims to have signed an image, and how to verify that. Verifies nothing')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Load an image that was saved, with all that is attached to it, into a registry')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Log in to a registry')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the stored credential of a registry')
            [CompletionResult]::new('manifest', 'manifest', [CompletionResultType]::ParameterValue, 'Verify the images of a Kubernetes manifest')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Which images may run, and who must have signed them (ClusterImagePolicy)')
            [CompletionResult]::new('public-key', 'public-key', [CompletionResultType]::ParameterValue, 'Print the public key of a key pair')
            [CompletionResult]::new('registry', 'registry', [CompletionResultType]::ParameterValue, 'Run a registry on this machine, to try things out')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Save an image with all that is attached to it in a directory')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign images')
            [CompletionResult]::new('sign-blob', 'sign-blob', [CompletionResultType]::ParameterValue, 'Sign files')
            [CompletionResult]::new('signing-config', 'signing-config', [CompletionResultType]::ParameterValue, 'Work with signing configurations: which services a signer uses')
            [CompletionResult]::new('tree', 'tree', [CompletionResultType]::ParameterValue, 'Show what is attached to an image: signatures, attestations, SBOMs and referrers')
            [CompletionResult]::new('triangulate', 'triangulate', [CompletionResultType]::ParameterValue, 'Print where the signatures of an image lie')
            [CompletionResult]::new('trusted-root', 'trusted-root', [CompletionResultType]::ParameterValue, 'Work with trusted roots: which logs and authorities are trusted')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of images')
            [CompletionResult]::new('verify-attestation', 'verify-attestation', [CompletionResultType]::ParameterValue, 'Verify the attestations of images')
            [CompletionResult]::new('verify-blob', 'verify-blob', [CompletionResultType]::ParameterValue, 'Verify the signature of a file')
            [CompletionResult]::new('verify-blob-attestation', 'verify-blob-attestation', [CompletionResultType]::ParameterValue, 'Verify an attestation of a file')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;attach' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('signature', 'signature', [CompletionResultType]::ParameterValue, 'Attach a signature that was made elsewhere')
            [CompletionResult]::new('attestation', 'attestation', [CompletionResultType]::ParameterValue, 'Attach attestations that were made elsewhere')
            [CompletionResult]::new('sbom', 'sbom', [CompletionResultType]::ParameterValue, 'Attach an SBOM (deprecated: use attest)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;attach;signature' {
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'What was signed; without it, the payload that cosign implies for the image')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'The signature, base64; - reads standard input')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE)')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above it, ending with the root (PEM FILE)')
            [CompletionResult]::new('--rekor-response', '--rekor-response', [CompletionResultType]::ParameterName, 'Log entry: a bundle of cosign, its rekorBundle, or the answer of Rekor (JSON FILE)')
            [CompletionResult]::new('--tsr', '--tsr', [CompletionResultType]::ParameterName, 'Timestamp response (RFC 3161, DER FILE)')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;attach;attestation' {
            [CompletionResult]::new('--attestation', '--attestation', [CompletionResultType]::ParameterName, 'DSSE envelopes or a bundle (JSON FILE); repeatable')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;attach;sbom' {
            [CompletionResult]::new('--sbom', '--sbom', [CompletionResultType]::ParameterName, 'The SBOM; - reads standard input')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What it is')
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'How it is written; without it, json when the name ends so')
            [CompletionResult]::new('--registry-referrers-mode', '--registry-referrers-mode', [CompletionResultType]::ParameterName, 'legacy puts it under the .sbom tag; oci-1-1 refers to the image')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;attach;help' {
            [CompletionResult]::new('signature', 'signature', [CompletionResultType]::ParameterValue, 'Attach a signature that was made elsewhere')
            [CompletionResult]::new('attestation', 'attestation', [CompletionResultType]::ParameterValue, 'Attach attestations that were made elsewhere')
            [CompletionResult]::new('sbom', 'sbom', [CompletionResultType]::ParameterValue, 'Attach an SBOM (deprecated: use attest)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;attach;help;signature' {
            break
        }
        'countersign;attach;help;attestation' {
            break
        }
        'countersign;attach;help;sbom' {
            break
        }
        'countersign;attach;help;help' {
            break
        }
        'countersign;attest' {
            [CompletionResult]::new('--predicate', '--predicate', [CompletionResultType]::ParameterName, 'Predicate: FILE; - is standard input')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI')
            [CompletionResult]::new('--statement', '--statement', [CompletionResultType]::ParameterName, 'Whole in-toto statement to sign as it is, in place of --predicate: FILE; - is standard input')
            [CompletionResult]::new('--rekor-entry-type', '--rekor-entry-type', [CompletionResultType]::ParameterName, 'Kind of the entry in Rekor v1: dsse or intoto')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Attest the images that an index lists as well')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Attest the images that an index lists as well')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Drop the attestations of the same type that the image has in the format that is written, whoever signed them')
            [CompletionResult]::new('--no-upload', '--no-upload', [CompletionResultType]::ParameterName, 'Print the signed envelope and put it nowhere')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Keep the attestation as a Sigstore bundle (true) or under the .att tag (false)')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Write the bundle to FILE')
            [CompletionResult]::new('--record-creation-timestamp', '--record-creation-timestamp', [CompletionResultType]::ParameterName, 'Record the time in the manifest of the attestations')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--tlog-upload', '--tlog-upload', [CompletionResultType]::ParameterName, 'Make the signature public in a transparency log')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log (Rekor v1) to upload to')
            [CompletionResult]::new('--signing-config', '--signing-config', [CompletionResultType]::ParameterName, 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url')
            [CompletionResult]::new('--use-signing-config', '--use-signing-config', [CompletionResultType]::ParameterName, 'Take the services from the signing configuration of the TUF repository')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them')
            [CompletionResult]::new('--timestamp-server-url', '--timestamp-server-url', [CompletionResultType]::ParameterName, 'Timestamp authority (RFC 3161) to ask')
            [CompletionResult]::new('--timestamp-client-cacert', '--timestamp-client-cacert', [CompletionResultType]::ParameterName, 'CA certificates of the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-cert', '--timestamp-client-cert', [CompletionResultType]::ParameterName, 'Client certificate for the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-key', '--timestamp-client-key', [CompletionResultType]::ParameterName, 'Key of --timestamp-client-cert (PEM FILE)')
            [CompletionResult]::new('--timestamp-server-name', '--timestamp-server-name', [CompletionResultType]::ParameterName, 'Name that the timestamp authority''s TLS certificate has to be of')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--fulcio-url', '--fulcio-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--fulcio-auth-flow', '--fulcio-auth-flow', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--identity-token', '--identity-token', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--insecure-skip-verify', '--insecure-skip-verify', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-id', '--oidc-client-id', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-secret-file', '--oidc-client-secret-file', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-disable-ambient-providers', '--oidc-disable-ambient-providers', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-issuer', '--oidc-issuer', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-provider', '--oidc-provider', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-redirect-url', '--oidc-redirect-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;attest-blob' {
            [CompletionResult]::new('--predicate', '--predicate', [CompletionResultType]::ParameterName, 'Predicate: FILE; - is standard input')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI')
            [CompletionResult]::new('--statement', '--statement', [CompletionResultType]::ParameterName, 'Whole in-toto statement to sign as it is, in place of --predicate: FILE; - is standard input')
            [CompletionResult]::new('--rekor-entry-type', '--rekor-entry-type', [CompletionResultType]::ParameterName, 'Kind of the entry in Rekor v1: dsse or intoto')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'SHA-256 (hexadecimal) of the file, which then is not read')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Write everything that is needed to verify the attestation to FILE')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Write --bundle as a Sigstore bundle; false writes the form of cosign 2')
            [CompletionResult]::new('--output-signature', '--output-signature', [CompletionResultType]::ParameterName, 'Write the signed envelope to FILE instead of standard output')
            [CompletionResult]::new('--output-attestation', '--output-attestation', [CompletionResultType]::ParameterName, 'Write the statement to FILE')
            [CompletionResult]::new('--output-certificate', '--output-certificate', [CompletionResultType]::ParameterName, 'Write the certificate of --certificate to FILE')
            [CompletionResult]::new('--rfc3161-timestamp-bundle', '--rfc3161-timestamp-bundle', [CompletionResultType]::ParameterName, 'Write the timestamp to FILE')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--tlog-upload', '--tlog-upload', [CompletionResultType]::ParameterName, 'Make the signature public in a transparency log')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log (Rekor v1) to upload to')
            [CompletionResult]::new('--signing-config', '--signing-config', [CompletionResultType]::ParameterName, 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url')
            [CompletionResult]::new('--use-signing-config', '--use-signing-config', [CompletionResultType]::ParameterName, 'Take the services from the signing configuration of the TUF repository')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them')
            [CompletionResult]::new('--timestamp-server-url', '--timestamp-server-url', [CompletionResultType]::ParameterName, 'Timestamp authority (RFC 3161) to ask')
            [CompletionResult]::new('--timestamp-client-cacert', '--timestamp-client-cacert', [CompletionResultType]::ParameterName, 'CA certificates of the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-cert', '--timestamp-client-cert', [CompletionResultType]::ParameterName, 'Client certificate for the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-key', '--timestamp-client-key', [CompletionResultType]::ParameterName, 'Key of --timestamp-client-cert (PEM FILE)')
            [CompletionResult]::new('--timestamp-server-name', '--timestamp-server-name', [CompletionResultType]::ParameterName, 'Name that the timestamp authority''s TLS certificate has to be of')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--fulcio-url', '--fulcio-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--fulcio-auth-flow', '--fulcio-auth-flow', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--identity-token', '--identity-token', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--insecure-skip-verify', '--insecure-skip-verify', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-id', '--oidc-client-id', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-secret-file', '--oidc-client-secret-file', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-disable-ambient-providers', '--oidc-disable-ambient-providers', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-issuer', '--oidc-issuer', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-provider', '--oidc-provider', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-redirect-url', '--oidc-redirect-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;bundle' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a Sigstore bundle of a signature that exists already')
            [CompletionResult]::new('upgrade', 'upgrade', [CompletionResultType]::ParameterValue, 'Write a Sigstore bundle of an older version as v0.3')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;bundle;create' {
            [CompletionResult]::new('--artifact', '--artifact', [CompletionResultType]::ParameterName, 'The signed FILE')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Bundle of cosign 2''s form (FILE)')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Signature (FILE, base64)')
            [CompletionResult]::new('--attestation', '--attestation', [CompletionResultType]::ParameterName, 'Signed DSSE envelope (FILE)')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (FILE, PEM or its base64)')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key of the signer: a FILE, env://NAME or an https:// address')
            [CompletionResult]::new('--rfc3161-timestamp', '--rfc3161-timestamp', [CompletionResultType]::ParameterName, 'Timestamp (RFC 3161) over the signature (FILE)')
            [CompletionResult]::new('--ignore-tlog', '--ignore-tlog', [CompletionResultType]::ParameterName, 'Make a bundle without an entry of a transparency log')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log (Rekor v1) that has the signature')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the bundle to FILE instead of standard output')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: hardware tokens; export the public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: hardware tokens; export the public key and name it with --key')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;bundle;upgrade' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the bundle to FILE instead of standard output')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log (Rekor v1) to ask for a missing proof')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;bundle;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a Sigstore bundle of a signature that exists already')
            [CompletionResult]::new('upgrade', 'upgrade', [CompletionResultType]::ParameterValue, 'Write a Sigstore bundle of an older version as v0.3')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;bundle;help;create' {
            break
        }
        'countersign;bundle;help;upgrade' {
            break
        }
        'countersign;bundle;help;help' {
            break
        }
        'countersign;clean' {
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What to remove; signature and attestation in both formats, referrer all that refers to the image')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;completion' {
            [CompletionResult]::new('--program', '--program', [CompletionResultType]::ParameterName, 'Name of the program to complete; without it cosign where a link of that name is called, else countersign')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'countersign;copy' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace another image under the target''s tag, and its signatures; without it, signatures of both are kept')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace another image under the target''s tag, and its signatures; without it, signatures of both are kept')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Copy only signatures (sig), attestations (att) or SBOMs (sbom), and do not tag the image')
            [CompletionResult]::new('--sig-only', '--sig-only', [CompletionResultType]::ParameterName, 'The same as --only=sig; deprecated')
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'Copy only the image of a multi-platform image that is for this platform')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print what was copied as JSON')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print what was copied as JSON')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;dockerfile' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of the images that a Dockerfile builds on')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;dockerfile;verify' {
            [CompletionResult]::new('--base-image-only', '--base-image-only', [CompletionResultType]::ParameterName, 'Verify only the image that the last stage builds on')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first image that is not verified')
            [CompletionResult]::new('--max-workers', '--max-workers', [CompletionResultType]::ParameterName, 'How many images are verified at once')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--ca-roots', '--ca-roots', [CompletionResultType]::ParameterName, 'Root CA certificates to trust (PEM FILE)')
            [CompletionResult]::new('--ca-intermediates', '--ca-intermediates', [CompletionResultType]::ParameterName, 'CA certificates between the signer''s and the roots (PEM FILE)')
            [CompletionResult]::new('--certificate-identity', '--certificate-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--cert-identity', '--cert-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--certificate-identity-regexp', '--certificate-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--cert-identity-regexp', '--cert-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--certificate-oidc-issuer', '--certificate-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--cert-oidc-issuer', '--cert-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--certificate-oidc-issuer-regexp', '--certificate-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--cert-oidc-issuer-regexp', '--cert-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--certificate-github-workflow-name', '--certificate-github-workflow-name', [CompletionResultType]::ParameterName, 'Name of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-ref', '--certificate-github-workflow-ref', [CompletionResultType]::ParameterName, 'Git reference of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-repository', '--certificate-github-workflow-repository', [CompletionResultType]::ParameterName, 'Repository of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-sha', '--certificate-github-workflow-sha', [CompletionResultType]::ParameterName, 'Commit of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-trigger', '--certificate-github-workflow-trigger', [CompletionResultType]::ParameterName, 'Event that started the GitHub workflow run in the certificate, e.g. push')
            [CompletionResult]::new('--insecure-ignore-sct', '--insecure-ignore-sct', [CompletionResultType]::ParameterName, 'Accept certificates that prove no entry in a certificate transparency log')
            [CompletionResult]::new('--sct', '--sct', [CompletionResultType]::ParameterName, 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)')
            [CompletionResult]::new('--signature-digest-algorithm', '--signature-digest-algorithm', [CompletionResultType]::ParameterName, 'Hash of the signature: sha224, sha256, sha384 or sha512')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--annotations', '--annotations', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--check-claims', '--check-claims', [CompletionResultType]::ParameterName, 'Whether signatures have to be about this image and carry the annotations')
            [CompletionResult]::new('--accept-attestations', '--accept-attestations', [CompletionResultType]::ParameterName, 'Let attestations of any type count as signatures: they prove less than a signature does')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--insecure-ignore-tlog', '--insecure-ignore-tlog', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed')
            [CompletionResult]::new('--private-infrastructure', '--private-infrastructure', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log, because the infrastructure has none')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service but the registry: log entries have to lie beside the signature')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log to ask for signatures that have no log entry beside them')
            [CompletionResult]::new('--use-signed-timestamps', '--use-signed-timestamps', [CompletionResultType]::ParameterName, 'Ask for a timestamp (RFC 3161) of a trusted authority')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Certificates of the timestamp authority, ending with the root (PEM FILE)')
            [CompletionResult]::new('--local-image', '--local-image', [CompletionResultType]::ParameterName, 'Images are directories that `save` wrote')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Signature to check in place of those in the registry: base64 text, FILE or an https:// address')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'Payload that --signature is over: FILE or an https:// address')
            [CompletionResult]::new('--attachment', '--attachment', [CompletionResultType]::ParameterName, 'Verify what is attached to the image (sbom) in place of the image')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;dockerfile;help' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of the images that a Dockerfile builds on')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;dockerfile;help;verify' {
            break
        }
        'countersign;dockerfile;help;help' {
            break
        }
        'countersign;doctor' {
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Also push, overwrite and delete the tag countersign-doctor in the repository')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;download' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('signature', 'signature', [CompletionResultType]::ParameterValue, 'Print the signatures of an image, a JSON document a line')
            [CompletionResult]::new('attestation', 'attestation', [CompletionResultType]::ParameterValue, 'Print the attestations of an image, a JSON document a line')
            [CompletionResult]::new('sbom', 'sbom', [CompletionResultType]::ParameterValue, 'Print the SBOM that is attached to an image (deprecated: use attestations)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;download;signature' {
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;download;attestation' {
            [CompletionResult]::new('--predicate-type', '--predicate-type', [CompletionResultType]::ParameterName, 'Only attestations of this type: a short name (slsaprovenance, spdxjson, …) or a URI')
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'Those of the image that is for this platform, of a multi-platform image')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;download;sbom' {
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'That of the image that is for this platform, of a multi-platform image')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;download;help' {
            [CompletionResult]::new('signature', 'signature', [CompletionResultType]::ParameterValue, 'Print the signatures of an image, a JSON document a line')
            [CompletionResult]::new('attestation', 'attestation', [CompletionResultType]::ParameterValue, 'Print the attestations of an image, a JSON document a line')
            [CompletionResult]::new('sbom', 'sbom', [CompletionResultType]::ParameterValue, 'Print the SBOM that is attached to an image (deprecated: use attestations)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;download;help;signature' {
            break
        }
        'countersign;download;help;attestation' {
            break
        }
        'countersign;download;help;sbom' {
            break
        }
        'countersign;download;help;help' {
            break
        }
        'countersign;env' {
            [CompletionResult]::new('--show-descriptions', '--show-descriptions', [CompletionResultType]::ParameterName, 'Show what each variable is for')
            [CompletionResult]::new('--show-sensitive-values', '--show-sensitive-values', [CompletionResultType]::ParameterName, 'Show the values of secret variables')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'countersign;generate' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--annotations', '--annotations', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;generate-key-pair' {
            [CompletionResult]::new('--kms', '--kms', [CompletionResultType]::ParameterName, 'Not supported: key management services; make the key in a file')
            [CompletionResult]::new('--output-key-prefix', '--output-key-prefix', [CompletionResultType]::ParameterName, 'Write PREFIX.key and PREFIX.pub')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Overwrite existing files without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Overwrite existing files without asking')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;import-key-pair' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Private key to import: a PEM FILE or env://NAME')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key to import: a PEM FILE or env://NAME')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write PREFIX.key and PREFIX.pub')
            [CompletionResult]::new('--output-key-prefix', '--output-key-prefix', [CompletionResultType]::ParameterName, 'Write PREFIX.key and PREFIX.pub')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Overwrite existing files without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Overwrite existing files without asking')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;initialize' {
            [CompletionResult]::new('--mirror', '--mirror', [CompletionResultType]::ParameterName, 'TUF repository: an https:// address, or file:///DIRECTORY')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'First trusted root: a FILE or an https:// address; the built-in one for the public instance')
            [CompletionResult]::new('--root-checksum', '--root-checksum', [CompletionResultType]::ParameterName, 'Checksum of --root in hexadecimal: SHA-256, or SHA-512 when it begins with sha512:')
            [CompletionResult]::new('--staging', '--staging', [CompletionResultType]::ParameterName, 'Use the staging instance of Sigstore')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;inspect' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'text, or json for programs')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'text, or json for programs')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;load' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;login' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Password or token; others can see it in the process list, so prefer --password-stdin')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Password or token; others can see it in the process list, so prefer --password-stdin')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;logout' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;manifest' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of all images in Kubernetes manifests')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;manifest;verify' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first image that is not verified')
            [CompletionResult]::new('--max-workers', '--max-workers', [CompletionResultType]::ParameterName, 'How many images are verified at once')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--ca-roots', '--ca-roots', [CompletionResultType]::ParameterName, 'Root CA certificates to trust (PEM FILE)')
            [CompletionResult]::new('--ca-intermediates', '--ca-intermediates', [CompletionResultType]::ParameterName, 'CA certificates between the signer''s and the roots (PEM FILE)')
            [CompletionResult]::new('--certificate-identity', '--certificate-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--cert-identity', '--cert-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--certificate-identity-regexp', '--certificate-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--cert-identity-regexp', '--cert-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--certificate-oidc-issuer', '--certificate-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--cert-oidc-issuer', '--cert-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--certificate-oidc-issuer-regexp', '--certificate-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--cert-oidc-issuer-regexp', '--cert-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--certificate-github-workflow-name', '--certificate-github-workflow-name', [CompletionResultType]::ParameterName, 'Name of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-ref', '--certificate-github-workflow-ref', [CompletionResultType]::ParameterName, 'Git reference of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-repository', '--certificate-github-workflow-repository', [CompletionResultType]::ParameterName, 'Repository of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-sha', '--certificate-github-workflow-sha', [CompletionResultType]::ParameterName, 'Commit of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-trigger', '--certificate-github-workflow-trigger', [CompletionResultType]::ParameterName, 'Event that started the GitHub workflow run in the certificate, e.g. push')
            [CompletionResult]::new('--insecure-ignore-sct', '--insecure-ignore-sct', [CompletionResultType]::ParameterName, 'Accept certificates that prove no entry in a certificate transparency log')
            [CompletionResult]::new('--sct', '--sct', [CompletionResultType]::ParameterName, 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)')
            [CompletionResult]::new('--signature-digest-algorithm', '--signature-digest-algorithm', [CompletionResultType]::ParameterName, 'Hash of the signature: sha224, sha256, sha384 or sha512')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--annotations', '--annotations', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--check-claims', '--check-claims', [CompletionResultType]::ParameterName, 'Whether signatures have to be about this image and carry the annotations')
            [CompletionResult]::new('--accept-attestations', '--accept-attestations', [CompletionResultType]::ParameterName, 'Let attestations of any type count as signatures: they prove less than a signature does')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--insecure-ignore-tlog', '--insecure-ignore-tlog', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed')
            [CompletionResult]::new('--private-infrastructure', '--private-infrastructure', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log, because the infrastructure has none')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service but the registry: log entries have to lie beside the signature')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log to ask for signatures that have no log entry beside them')
            [CompletionResult]::new('--use-signed-timestamps', '--use-signed-timestamps', [CompletionResultType]::ParameterName, 'Ask for a timestamp (RFC 3161) of a trusted authority')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Certificates of the timestamp authority, ending with the root (PEM FILE)')
            [CompletionResult]::new('--local-image', '--local-image', [CompletionResultType]::ParameterName, 'Images are directories that `save` wrote')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Signature to check in place of those in the registry: base64 text, FILE or an https:// address')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'Payload that --signature is over: FILE or an https:// address')
            [CompletionResult]::new('--attachment', '--attachment', [CompletionResultType]::ParameterName, 'Verify what is attached to the image (sbom) in place of the image')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;manifest;help' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of all images in Kubernetes manifests')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;manifest;help;verify' {
            break
        }
        'countersign;manifest;help;help' {
            break
        }
        'countersign;policy' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('certificate', 'certificate', [CompletionResultType]::ParameterValue, 'Make a certificate for the webhook')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check images and manifests against policies, as admission does')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the Kubernetes admission webhook')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Test policies offline, against OCI layouts')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check that policies are valid')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;policy;certificate' {
            [CompletionResult]::new('--dns', '--dns', [CompletionResultType]::ParameterName, 'Name of the webhook''s service')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Where to write; it is made when it does not exist')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;policy;check' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'File or directory with policies')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File or directory with policies')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Manifest or compose file; - is standard input')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'Manifest or compose file; - is standard input')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to report')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to report')
            [CompletionResult]::new('--no-match-policy', '--no-match-policy', [CompletionResultType]::ParameterName, 'What happens to an image that no policy matches')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'A trusted root that policies name in trustRootRef')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;policy;serve' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'File or directory with policies')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'File or directory with policies')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Watch the policies of the cluster that this is a pod of, and read pull secrets there')
            [CompletionResult]::new('--address', '--address', [CompletionResultType]::ParameterName, 'Address and port of the webhook')
            [CompletionResult]::new('--probe-address', '--probe-address', [CompletionResultType]::ParameterName, 'Address and port for /healthz, /readyz and /metrics in plain HTTP as well')
            [CompletionResult]::new('--tls-certificate', '--tls-certificate', [CompletionResultType]::ParameterName, 'Certificate with its chain (PEM FILE); read again when it changes')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'Private key of the certificate (PEM FILE)')
            [CompletionResult]::new('--self-signed', '--self-signed', [CompletionResultType]::ParameterName, 'Make a certificate for NAME and print its authority as caBundle; gone when the program ends')
            [CompletionResult]::new('--no-match-policy', '--no-match-policy', [CompletionResultType]::ParameterName, 'What happens to an image that no policy matches')
            [CompletionResult]::new('--mutate', '--mutate', [CompletionResultType]::ParameterName, 'Which objects get digests for tags')
            [CompletionResult]::new('--answer-within', '--answer-within', [CompletionResultType]::ParameterName, 'Longest time for an answer, e.g. 8s; shorter when the API server says so')
            [CompletionResult]::new('--cache-lifetime', '--cache-lifetime', [CompletionResultType]::ParameterName, 'How long an admission is kept, e.g. 10m; 0 keeps none')
            [CompletionResult]::new('--cache-size', '--cache-size', [CompletionResultType]::ParameterName, 'How many results are kept')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'A trusted root that policies name in trustRootRef')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;policy;test' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;policy;validate' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File or directory with policies; - is standard input')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File or directory with policies; - is standard input')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;policy;help' {
            [CompletionResult]::new('certificate', 'certificate', [CompletionResultType]::ParameterValue, 'Make a certificate for the webhook')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check images and manifests against policies, as admission does')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the Kubernetes admission webhook')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Test policies offline, against OCI layouts')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check that policies are valid')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;policy;help;certificate' {
            break
        }
        'countersign;policy;help;check' {
            break
        }
        'countersign;policy;help;serve' {
            break
        }
        'countersign;policy;help;test' {
            break
        }
        'countersign;policy;help;validate' {
            break
        }
        'countersign;policy;help;help' {
            break
        }
        'countersign;public-key' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key: a FILE, env://NAME or an https:// address')
            [CompletionResult]::new('--outfile', '--outfile', [CompletionResultType]::ParameterName, 'Write the public key to FILE instead of standard output')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: hardware tokens; export the public key with the token''s own tool')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: hardware tokens; export the public key with the token''s own tool')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;registry' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve an OCI registry on a loopback address. Not for production')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;registry;serve' {
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Loopback address and port; port 0 takes a free one')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Keep what is pushed in this directory; without it, in memory until the end')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;registry;help' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve an OCI registry on a loopback address. Not for production')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;registry;help;serve' {
            break
        }
        'countersign;registry;help;help' {
            break
        }
        'countersign;save' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory; made when it is missing')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;sign' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Sign the images that an index lists as well')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Sign the images that an index lists as well')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--annotations', '--annotations', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--sign-container-identity', '--sign-container-identity', [CompletionResultType]::ParameterName, 'Sign NAME as the image''s docker-reference, in place of its repository')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'Sign this payload (FILE) in place of the one that is made')
            [CompletionResult]::new('--attachment', '--attachment', [CompletionResultType]::ParameterName, 'Sign what is attached to the image (sbom) in place of the image')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--tlog-upload', '--tlog-upload', [CompletionResultType]::ParameterName, 'Make the signature public in a transparency log')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log (Rekor v1) to upload to')
            [CompletionResult]::new('--signing-config', '--signing-config', [CompletionResultType]::ParameterName, 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url')
            [CompletionResult]::new('--use-signing-config', '--use-signing-config', [CompletionResultType]::ParameterName, 'Take the services from the signing configuration of the TUF repository')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them')
            [CompletionResult]::new('--timestamp-server-url', '--timestamp-server-url', [CompletionResultType]::ParameterName, 'Timestamp authority (RFC 3161) to ask')
            [CompletionResult]::new('--timestamp-client-cacert', '--timestamp-client-cacert', [CompletionResultType]::ParameterName, 'CA certificates of the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-cert', '--timestamp-client-cert', [CompletionResultType]::ParameterName, 'Client certificate for the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-key', '--timestamp-client-key', [CompletionResultType]::ParameterName, 'Key of --timestamp-client-cert (PEM FILE)')
            [CompletionResult]::new('--timestamp-server-name', '--timestamp-server-name', [CompletionResultType]::ParameterName, 'Name that the timestamp authority''s TLS certificate has to be of')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--fulcio-url', '--fulcio-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--fulcio-auth-flow', '--fulcio-auth-flow', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--identity-token', '--identity-token', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--insecure-skip-verify', '--insecure-skip-verify', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-id', '--oidc-client-id', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-secret-file', '--oidc-client-secret-file', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-disable-ambient-providers', '--oidc-disable-ambient-providers', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-issuer', '--oidc-issuer', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-provider', '--oidc-provider', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-redirect-url', '--oidc-redirect-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--upload', '--upload', [CompletionResultType]::ParameterName, 'Put the signature beside the image')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Keep the signature as a Sigstore bundle (true) or under the .sig tag (false)')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Write the bundle to FILE')
            [CompletionResult]::new('--output-signature', '--output-signature', [CompletionResultType]::ParameterName, 'Write the signature to FILE, base64')
            [CompletionResult]::new('--output-payload', '--output-payload', [CompletionResultType]::ParameterName, 'Write the signed payload to FILE')
            [CompletionResult]::new('--output-certificate', '--output-certificate', [CompletionResultType]::ParameterName, 'Write the certificate, else the public key, to FILE (PEM)')
            [CompletionResult]::new('--record-creation-timestamp', '--record-creation-timestamp', [CompletionResultType]::ParameterName, 'Record the time in the signature''s manifest; without it, equal signatures are equal manifests')
            [CompletionResult]::new('--registry-referrers-mode', '--registry-referrers-mode', [CompletionResultType]::ParameterName, 'legacy keeps the signature under the .sig tag; oci-1-1 refers to the image, as bundles do')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--issue-certificate', '--issue-certificate', [CompletionResultType]::ParameterName, 'Not supported: certificates of Fulcio; bring one with --certificate')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;sign-blob' {
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Write everything that is needed to verify the signature to FILE')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Write --bundle as a Sigstore bundle; false writes the form of cosign 2')
            [CompletionResult]::new('--output-signature', '--output-signature', [CompletionResultType]::ParameterName, 'Write the signature to FILE instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the signature to FILE instead of standard output')
            [CompletionResult]::new('--output-certificate', '--output-certificate', [CompletionResultType]::ParameterName, 'Write the certificate of --certificate to FILE')
            [CompletionResult]::new('--rfc3161-timestamp', '--rfc3161-timestamp', [CompletionResultType]::ParameterName, 'Write the timestamp to FILE')
            [CompletionResult]::new('--b64', '--b64', [CompletionResultType]::ParameterName, 'Write signature and certificate in base64')
            [CompletionResult]::new('--issue-certificate', '--issue-certificate', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--signing-algorithm', '--signing-algorithm', [CompletionResultType]::ParameterName, 'Not supported: the algorithm is that of --key')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the key (PEM FILE), which the signature then carries')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above --certificate, ending with the root (PEM FILE)')
            [CompletionResult]::new('--tlog-upload', '--tlog-upload', [CompletionResultType]::ParameterName, 'Make the signature public in a transparency log')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log (Rekor v1) to upload to')
            [CompletionResult]::new('--signing-config', '--signing-config', [CompletionResultType]::ParameterName, 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url')
            [CompletionResult]::new('--use-signing-config', '--use-signing-config', [CompletionResultType]::ParameterName, 'Take the services from the signing configuration of the TUF repository')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them')
            [CompletionResult]::new('--timestamp-server-url', '--timestamp-server-url', [CompletionResultType]::ParameterName, 'Timestamp authority (RFC 3161) to ask')
            [CompletionResult]::new('--timestamp-client-cacert', '--timestamp-client-cacert', [CompletionResultType]::ParameterName, 'CA certificates of the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-cert', '--timestamp-client-cert', [CompletionResultType]::ParameterName, 'Client certificate for the timestamp authority''s TLS (PEM FILE)')
            [CompletionResult]::new('--timestamp-client-key', '--timestamp-client-key', [CompletionResultType]::ParameterName, 'Key of --timestamp-client-cert (PEM FILE)')
            [CompletionResult]::new('--timestamp-server-name', '--timestamp-server-name', [CompletionResultType]::ParameterName, 'Name that the timestamp authority''s TLS certificate has to be of')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before making anything public')
            [CompletionResult]::new('--fulcio-url', '--fulcio-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--fulcio-auth-flow', '--fulcio-auth-flow', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--identity-token', '--identity-token', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--insecure-skip-verify', '--insecure-skip-verify', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-id', '--oidc-client-id', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-client-secret-file', '--oidc-client-secret-file', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-disable-ambient-providers', '--oidc-disable-ambient-providers', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-issuer', '--oidc-issuer', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-provider', '--oidc-provider', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--oidc-redirect-url', '--oidc-redirect-url', [CompletionResultType]::ParameterName, 'Not supported: signing without a key of your own; name one with --key')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; use a key file with --key')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;signing-config' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a signing configuration: which services a signer uses')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;signing-config;create' {
            [CompletionResult]::new('--fulcio', '--fulcio', [CompletionResultType]::ParameterName, 'Certificate authority: url, api-version, start-time, operator; optional end-time')
            [CompletionResult]::new('--rekor', '--rekor', [CompletionResultType]::ParameterName, 'Transparency log: url, api-version (1 or 2), start-time, operator; optional end-time')
            [CompletionResult]::new('--rekor-config', '--rekor-config', [CompletionResultType]::ParameterName, 'How many logs to use: ANY, ALL or EXACT:<count>')
            [CompletionResult]::new('--oidc-provider', '--oidc-provider', [CompletionResultType]::ParameterName, 'Provider of identity tokens: url, api-version, start-time, operator; optional end-time')
            [CompletionResult]::new('--tsa', '--tsa', [CompletionResultType]::ParameterName, 'Timestamp authority: url, api-version, start-time, operator; optional end-time')
            [CompletionResult]::new('--tsa-config', '--tsa-config', [CompletionResultType]::ParameterName, 'How many timestamp authorities to use: ANY, ALL or EXACT:<count>')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the configuration to FILE instead of standard output')
            [CompletionResult]::new('--base-config', '--base-config', [CompletionResultType]::ParameterName, 'Start from the services of FILE; a service flag replaces those of its kind')
            [CompletionResult]::new('--with-default-services', '--with-default-services', [CompletionResultType]::ParameterName, 'Start from the services of the public signing configuration (TUF)')
            [CompletionResult]::new('--with-default-rekor-v2', '--with-default-rekor-v2', [CompletionResultType]::ParameterName, 'With --with-default-services: the public configuration that names Rekor v2')
            [CompletionResult]::new('--no-default-fulcio', '--no-default-fulcio', [CompletionResultType]::ParameterName, 'Leave out the default certificate authorities')
            [CompletionResult]::new('--no-default-rekor', '--no-default-rekor', [CompletionResultType]::ParameterName, 'Leave out the default transparency logs')
            [CompletionResult]::new('--no-default-oidc', '--no-default-oidc', [CompletionResultType]::ParameterName, 'Leave out the default providers of identity tokens')
            [CompletionResult]::new('--no-default-tsa', '--no-default-tsa', [CompletionResultType]::ParameterName, 'Leave out the default timestamp authorities')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;signing-config;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a signing configuration: which services a signer uses')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;signing-config;help;create' {
            break
        }
        'countersign;signing-config;help;help' {
            break
        }
        'countersign;tree' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'text, or json for programs')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'text, or json for programs')
            [CompletionResult]::new('--registry-referrers-mode', '--registry-referrers-mode', [CompletionResultType]::ParameterName, 'Where to look besides tags: legacy does not look for referrers')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'The same as --registry-referrers-mode=oci-1-1, which is the default')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;triangulate' {
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What to look for')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;trusted-root' {
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a trusted root from keys and certificates')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;trusted-root;create' {
            [CompletionResult]::new('--fulcio', '--fulcio', [CompletionResultType]::ParameterName, 'Certificate authority: url, certificate-chain (PEM FILE); optional start-time, end-time')
            [CompletionResult]::new('--rekor', '--rekor', [CompletionResultType]::ParameterName, 'Transparency log: url, public-key (PEM FILE), start-time; optional end-time, origin (Rekor v2)')
            [CompletionResult]::new('--ctfe', '--ctfe', [CompletionResultType]::ParameterName, 'Certificate transparency log: url, public-key (PEM FILE), start-time; optional end-time, origin')
            [CompletionResult]::new('--tsa', '--tsa', [CompletionResultType]::ParameterName, 'Timestamp authority: url, certificate-chain (PEM FILE, its own certificate first); optional start-time, end-time')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the trusted root to FILE instead of standard output')
            [CompletionResult]::new('--with-default-services', '--with-default-services', [CompletionResultType]::ParameterName, 'Start from the services of the public trusted root (TUF)')
            [CompletionResult]::new('--no-default-fulcio', '--no-default-fulcio', [CompletionResultType]::ParameterName, 'Leave out the public certificate authorities')
            [CompletionResult]::new('--no-default-rekor', '--no-default-rekor', [CompletionResultType]::ParameterName, 'Leave out the public transparency logs')
            [CompletionResult]::new('--no-default-ctfe', '--no-default-ctfe', [CompletionResultType]::ParameterName, 'Leave out the public certificate transparency logs')
            [CompletionResult]::new('--no-default-tsa', '--no-default-tsa', [CompletionResultType]::ParameterName, 'Leave out the public timestamp authorities')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'Chain of a certificate authority (use --fulcio)')
            [CompletionResult]::new('--fulcio-uri', '--fulcio-uri', [CompletionResultType]::ParameterName, 'URL of a certificate authority (use --fulcio)')
            [CompletionResult]::new('--ctfe-key', '--ctfe-key', [CompletionResultType]::ParameterName, 'Key of a certificate transparency log (use --ctfe)')
            [CompletionResult]::new('--ctfe-start-time', '--ctfe-start-time', [CompletionResultType]::ParameterName, 'Time from which the key is valid (use --ctfe)')
            [CompletionResult]::new('--ctfe-end-time', '--ctfe-end-time', [CompletionResultType]::ParameterName, 'Time until which the key is valid (use --ctfe)')
            [CompletionResult]::new('--ctfe-url', '--ctfe-url', [CompletionResultType]::ParameterName, 'URL of a certificate transparency log (use --ctfe)')
            [CompletionResult]::new('--rekor-key', '--rekor-key', [CompletionResultType]::ParameterName, 'Key of a transparency log, with `,origin` for Rekor v2 (use --rekor)')
            [CompletionResult]::new('--rekor-start-time', '--rekor-start-time', [CompletionResultType]::ParameterName, 'Time from which the key is valid (use --rekor)')
            [CompletionResult]::new('--rekor-end-time', '--rekor-end-time', [CompletionResultType]::ParameterName, 'Time until which the key is valid (use --rekor)')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'URL of a transparency log (use --rekor)')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Chain of a timestamp authority (use --tsa)')
            [CompletionResult]::new('--timestamp-uri', '--timestamp-uri', [CompletionResultType]::ParameterName, 'URL of a timestamp authority (use --tsa)')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;trusted-root;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a trusted root from keys and certificates')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;trusted-root;help;create' {
            break
        }
        'countersign;trusted-root;help;help' {
            break
        }
        'countersign;verify' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first image that is not verified')
            [CompletionResult]::new('--max-workers', '--max-workers', [CompletionResultType]::ParameterName, 'How many images are verified at once')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--ca-roots', '--ca-roots', [CompletionResultType]::ParameterName, 'Root CA certificates to trust (PEM FILE)')
            [CompletionResult]::new('--ca-intermediates', '--ca-intermediates', [CompletionResultType]::ParameterName, 'CA certificates between the signer''s and the roots (PEM FILE)')
            [CompletionResult]::new('--certificate-identity', '--certificate-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--cert-identity', '--cert-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--certificate-identity-regexp', '--certificate-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--cert-identity-regexp', '--cert-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--certificate-oidc-issuer', '--certificate-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--cert-oidc-issuer', '--cert-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--certificate-oidc-issuer-regexp', '--certificate-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--cert-oidc-issuer-regexp', '--cert-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--certificate-github-workflow-name', '--certificate-github-workflow-name', [CompletionResultType]::ParameterName, 'Name of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-ref', '--certificate-github-workflow-ref', [CompletionResultType]::ParameterName, 'Git reference of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-repository', '--certificate-github-workflow-repository', [CompletionResultType]::ParameterName, 'Repository of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-sha', '--certificate-github-workflow-sha', [CompletionResultType]::ParameterName, 'Commit of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-trigger', '--certificate-github-workflow-trigger', [CompletionResultType]::ParameterName, 'Event that started the GitHub workflow run in the certificate, e.g. push')
            [CompletionResult]::new('--insecure-ignore-sct', '--insecure-ignore-sct', [CompletionResultType]::ParameterName, 'Accept certificates that prove no entry in a certificate transparency log')
            [CompletionResult]::new('--sct', '--sct', [CompletionResultType]::ParameterName, 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)')
            [CompletionResult]::new('--signature-digest-algorithm', '--signature-digest-algorithm', [CompletionResultType]::ParameterName, 'Hash of the signature: sha224, sha256, sha384 or sha512')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--annotations', '--annotations', [CompletionResultType]::ParameterName, 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV')
            [CompletionResult]::new('--check-claims', '--check-claims', [CompletionResultType]::ParameterName, 'Whether signatures have to be about this image and carry the annotations')
            [CompletionResult]::new('--accept-attestations', '--accept-attestations', [CompletionResultType]::ParameterName, 'Let attestations of any type count as signatures: they prove less than a signature does')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--insecure-ignore-tlog', '--insecure-ignore-tlog', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed')
            [CompletionResult]::new('--private-infrastructure', '--private-infrastructure', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log, because the infrastructure has none')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service but the registry: log entries have to lie beside the signature')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log to ask for signatures that have no log entry beside them')
            [CompletionResult]::new('--use-signed-timestamps', '--use-signed-timestamps', [CompletionResultType]::ParameterName, 'Ask for a timestamp (RFC 3161) of a trusted authority')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Certificates of the timestamp authority, ending with the root (PEM FILE)')
            [CompletionResult]::new('--local-image', '--local-image', [CompletionResultType]::ParameterName, 'Images are directories that `save` wrote')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Signature to check in place of those in the registry: base64 text, FILE or an https:// address')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'Payload that --signature is over: FILE or an https:// address')
            [CompletionResult]::new('--attachment', '--attachment', [CompletionResultType]::ParameterName, 'Verify what is attached to the image (sbom) in place of the image')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;verify-attestation' {
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Policy that the statement has to satisfy: rego with the rule data.signature.allow (FILE); repeatable, and files of other packages may be imported')
            [CompletionResult]::new('--check-claims', '--check-claims', [CompletionResultType]::ParameterName, 'Whether attestations have to be about this image')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print the envelopes as json (one on a line) or text')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the envelopes as json (one on a line) or text')
            [CompletionResult]::new('--local-image', '--local-image', [CompletionResultType]::ParameterName, 'Images are directories that `save` wrote')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Look only for bundles (true) or only under .att tags (false); both are looked for when it is not given')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'Ask the referrers, which is done in any case')
            [CompletionResult]::new('--max-workers', '--max-workers', [CompletionResultType]::ParameterName, 'How many requests are made at once')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--ca-roots', '--ca-roots', [CompletionResultType]::ParameterName, 'Root CA certificates to trust (PEM FILE)')
            [CompletionResult]::new('--ca-intermediates', '--ca-intermediates', [CompletionResultType]::ParameterName, 'CA certificates between the signer''s and the roots (PEM FILE)')
            [CompletionResult]::new('--certificate-identity', '--certificate-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--cert-identity', '--cert-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--certificate-identity-regexp', '--certificate-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--cert-identity-regexp', '--cert-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--certificate-oidc-issuer', '--certificate-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--cert-oidc-issuer', '--cert-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--certificate-oidc-issuer-regexp', '--certificate-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--cert-oidc-issuer-regexp', '--cert-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--certificate-github-workflow-name', '--certificate-github-workflow-name', [CompletionResultType]::ParameterName, 'Name of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-ref', '--certificate-github-workflow-ref', [CompletionResultType]::ParameterName, 'Git reference of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-repository', '--certificate-github-workflow-repository', [CompletionResultType]::ParameterName, 'Repository of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-sha', '--certificate-github-workflow-sha', [CompletionResultType]::ParameterName, 'Commit of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-trigger', '--certificate-github-workflow-trigger', [CompletionResultType]::ParameterName, 'Event that started the GitHub workflow run in the certificate, e.g. push')
            [CompletionResult]::new('--insecure-ignore-sct', '--insecure-ignore-sct', [CompletionResultType]::ParameterName, 'Accept certificates that prove no entry in a certificate transparency log')
            [CompletionResult]::new('--sct', '--sct', [CompletionResultType]::ParameterName, 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)')
            [CompletionResult]::new('--signature-digest-algorithm', '--signature-digest-algorithm', [CompletionResultType]::ParameterName, 'Hash of the signature: sha224, sha256, sha384 or sha512')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--insecure-ignore-tlog', '--insecure-ignore-tlog', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed')
            [CompletionResult]::new('--private-infrastructure', '--private-infrastructure', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log, because the infrastructure has none')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service but the registry: log entries have to lie beside the signature')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log to ask for signatures that have no log entry beside them')
            [CompletionResult]::new('--use-signed-timestamps', '--use-signed-timestamps', [CompletionResultType]::ParameterName, 'Ask for a timestamp (RFC 3161) of a trusted authority')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Certificates of the timestamp authority, ending with the root (PEM FILE)')
            [CompletionResult]::new('--allow-http-registry', '--allow-http-registry', [CompletionResultType]::ParameterName, 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)')
            [CompletionResult]::new('--allow-insecure-registry', '--allow-insecure-registry', [CompletionResultType]::ParameterName, 'Do not check the registry''s TLS certificate; for tests only')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'Trust the CA certificates in this PEM FILE for the registry')
            [CompletionResult]::new('--registry-client-cert', '--registry-client-cert', [CompletionResultType]::ParameterName, 'Client certificate (PEM FILE) for mutual TLS')
            [CompletionResult]::new('--registry-client-key', '--registry-client-key', [CompletionResultType]::ParameterName, 'Key (PEM FILE) of the client certificate')
            [CompletionResult]::new('--registry-server-name', '--registry-server-name', [CompletionResultType]::ParameterName, 'Name to expect in the registry''s certificate')
            [CompletionResult]::new('--registry-username', '--registry-username', [CompletionResultType]::ParameterName, 'User name for the registry')
            [CompletionResult]::new('--registry-password', '--registry-password', [CompletionResultType]::ParameterName, 'Password for the registry')
            [CompletionResult]::new('--registry-token', '--registry-token', [CompletionResultType]::ParameterName, 'Bearer token for the registry')
            [CompletionResult]::new('--k8s-keychain', '--k8s-keychain', [CompletionResultType]::ParameterName, 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)')
            [CompletionResult]::new('--trust-token-service', '--trust-token-service', [CompletionResultType]::ParameterName, 'Give credentials to the token service at HOST, although it belongs to another site than the registry')
            [CompletionResult]::new('--attachment-tag-prefix', '--attachment-tag-prefix', [CompletionResultType]::ParameterName, 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;verify-blob' {
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Bundle with the signature: a Sigstore bundle, or the form of cosign 2')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Whether --bundle is a Sigstore bundle; it is found out when this is not given')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Signature: a FILE, or the base64 text itself')
            [CompletionResult]::new('--rfc3161-timestamp', '--rfc3161-timestamp', [CompletionResultType]::ParameterName, 'Timestamp (RFC 3161) over the signature: FILE, as sign-blob writes it or DER')
            [CompletionResult]::new('--max-workers', '--max-workers', [CompletionResultType]::ParameterName, 'How many checks are made at once; a blob is one')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'Not supported: referrers of an image; a blob has none')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--ca-roots', '--ca-roots', [CompletionResultType]::ParameterName, 'Root CA certificates to trust (PEM FILE)')
            [CompletionResult]::new('--ca-intermediates', '--ca-intermediates', [CompletionResultType]::ParameterName, 'CA certificates between the signer''s and the roots (PEM FILE)')
            [CompletionResult]::new('--certificate-identity', '--certificate-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--cert-identity', '--cert-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--certificate-identity-regexp', '--certificate-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--cert-identity-regexp', '--cert-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--certificate-oidc-issuer', '--certificate-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--cert-oidc-issuer', '--cert-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--certificate-oidc-issuer-regexp', '--certificate-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--cert-oidc-issuer-regexp', '--cert-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--certificate-github-workflow-name', '--certificate-github-workflow-name', [CompletionResultType]::ParameterName, 'Name of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-ref', '--certificate-github-workflow-ref', [CompletionResultType]::ParameterName, 'Git reference of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-repository', '--certificate-github-workflow-repository', [CompletionResultType]::ParameterName, 'Repository of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-sha', '--certificate-github-workflow-sha', [CompletionResultType]::ParameterName, 'Commit of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-trigger', '--certificate-github-workflow-trigger', [CompletionResultType]::ParameterName, 'Event that started the GitHub workflow run in the certificate, e.g. push')
            [CompletionResult]::new('--insecure-ignore-sct', '--insecure-ignore-sct', [CompletionResultType]::ParameterName, 'Accept certificates that prove no entry in a certificate transparency log')
            [CompletionResult]::new('--sct', '--sct', [CompletionResultType]::ParameterName, 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)')
            [CompletionResult]::new('--signature-digest-algorithm', '--signature-digest-algorithm', [CompletionResultType]::ParameterName, 'Hash of the signature: sha224, sha256, sha384 or sha512')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--insecure-ignore-tlog', '--insecure-ignore-tlog', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed')
            [CompletionResult]::new('--private-infrastructure', '--private-infrastructure', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log, because the infrastructure has none')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service but the registry: log entries have to lie beside the signature')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log to ask for signatures that have no log entry beside them')
            [CompletionResult]::new('--use-signed-timestamps', '--use-signed-timestamps', [CompletionResultType]::ParameterName, 'Ask for a timestamp (RFC 3161) of a trusted authority')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Certificates of the timestamp authority, ending with the root (PEM FILE)')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;verify-blob-attestation' {
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI')
            [CompletionResult]::new('--check-claims', '--check-claims', [CompletionResultType]::ParameterName, 'Whether the attestation has to be about this file')
            [CompletionResult]::new('--digest', '--digest', [CompletionResultType]::ParameterName, 'Digest (hexadecimal) of the file, in place of the file')
            [CompletionResult]::new('--digestAlg', '--digestAlg', [CompletionResultType]::ParameterName, 'Algorithm of --digest: sha256 or sha512')
            [CompletionResult]::new('--bundle', '--bundle', [CompletionResultType]::ParameterName, 'Bundle with the signature: a Sigstore bundle, or the form of cosign 2')
            [CompletionResult]::new('--new-bundle-format', '--new-bundle-format', [CompletionResultType]::ParameterName, 'Whether --bundle is a Sigstore bundle; it is found out when this is not given')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'Signature: a FILE, or the base64 text itself')
            [CompletionResult]::new('--rfc3161-timestamp', '--rfc3161-timestamp', [CompletionResultType]::ParameterName, 'Timestamp (RFC 3161) over the signature: FILE, as sign-blob writes it or DER')
            [CompletionResult]::new('--max-workers', '--max-workers', [CompletionResultType]::ParameterName, 'How many checks are made at once; a blob is one')
            [CompletionResult]::new('--experimental-oci11', '--experimental-oci11', [CompletionResultType]::ParameterName, 'Not supported: referrers of an image; a blob has none')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the signer (PEM FILE), when it does not lie beside the signature')
            [CompletionResult]::new('--certificate-chain', '--certificate-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'CA certificates above the signer''s, ending with the root (PEM FILE)')
            [CompletionResult]::new('--ca-roots', '--ca-roots', [CompletionResultType]::ParameterName, 'Root CA certificates to trust (PEM FILE)')
            [CompletionResult]::new('--ca-intermediates', '--ca-intermediates', [CompletionResultType]::ParameterName, 'CA certificates between the signer''s and the roots (PEM FILE)')
            [CompletionResult]::new('--certificate-identity', '--certificate-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--cert-identity', '--cert-identity', [CompletionResultType]::ParameterName, 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address')
            [CompletionResult]::new('--certificate-identity-regexp', '--certificate-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--cert-identity-regexp', '--cert-identity-regexp', [CompletionResultType]::ParameterName, 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole')
            [CompletionResult]::new('--certificate-oidc-issuer', '--certificate-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--cert-oidc-issuer', '--cert-oidc-issuer', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com')
            [CompletionResult]::new('--certificate-oidc-issuer-regexp', '--certificate-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--cert-oidc-issuer-regexp', '--cert-oidc-issuer-regexp', [CompletionResultType]::ParameterName, 'OIDC issuer in the certificate, as a Go regular expression')
            [CompletionResult]::new('--certificate-github-workflow-name', '--certificate-github-workflow-name', [CompletionResultType]::ParameterName, 'Name of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-ref', '--certificate-github-workflow-ref', [CompletionResultType]::ParameterName, 'Git reference of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-repository', '--certificate-github-workflow-repository', [CompletionResultType]::ParameterName, 'Repository of the GitHub workflow in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-sha', '--certificate-github-workflow-sha', [CompletionResultType]::ParameterName, 'Commit of the GitHub workflow run in the certificate')
            [CompletionResult]::new('--certificate-github-workflow-trigger', '--certificate-github-workflow-trigger', [CompletionResultType]::ParameterName, 'Event that started the GitHub workflow run in the certificate, e.g. push')
            [CompletionResult]::new('--insecure-ignore-sct', '--insecure-ignore-sct', [CompletionResultType]::ParameterName, 'Accept certificates that prove no entry in a certificate transparency log')
            [CompletionResult]::new('--sct', '--sct', [CompletionResultType]::ParameterName, 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)')
            [CompletionResult]::new('--signature-digest-algorithm', '--signature-digest-algorithm', [CompletionResultType]::ParameterName, 'Hash of the signature: sha224, sha256, sha384 or sha512')
            [CompletionResult]::new('--sk', '--sk', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--slot', '--slot', [CompletionResultType]::ParameterName, 'Not supported: signing with a hardware token; export its public key and name it with --key')
            [CompletionResult]::new('--trusted-root', '--trusted-root', [CompletionResultType]::ParameterName, 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF')
            [CompletionResult]::new('--insecure-ignore-tlog', '--insecure-ignore-tlog', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed')
            [CompletionResult]::new('--private-infrastructure', '--private-infrastructure', [CompletionResultType]::ParameterName, 'Accept signatures that are in no transparency log, because the infrastructure has none')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no service but the registry: log entries have to lie beside the signature')
            [CompletionResult]::new('--rekor-url', '--rekor-url', [CompletionResultType]::ParameterName, 'Transparency log to ask for signatures that have no log entry beside them')
            [CompletionResult]::new('--use-signed-timestamps', '--use-signed-timestamps', [CompletionResultType]::ParameterName, 'Ask for a timestamp (RFC 3161) of a trusted authority')
            [CompletionResult]::new('--timestamp-certificate-chain', '--timestamp-certificate-chain', [CompletionResultType]::ParameterName, 'Certificates of the timestamp authority, ending with the root (PEM FILE)')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'countersign;version' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'Write the output to FILE instead of standard output')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after DURATION, e.g. 90s or 3m0s')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each request: method, URL, status and time, never secrets')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'countersign;help' {
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'Attach a signature, an attestation or an SBOM to an image')
            [CompletionResult]::new('attest', 'attest', [CompletionResultType]::ParameterValue, 'Sign an attestation of an image')
            [CompletionResult]::new('attest-blob', 'attest-blob', [CompletionResultType]::ParameterValue, 'Sign an attestation of a file')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Work with Sigstore bundles')
            [CompletionResult]::new('clean', 'clean', [CompletionResultType]::ParameterValue, 'Remove signatures, attestations and SBOMs from an image')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy an image with its signatures, attestations and all that refers to it')
            [CompletionResult]::new('dockerfile', 'dockerfile', [CompletionResultType]::ParameterValue, 'Verify the images that a Dockerfile builds on')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Say what works with a registry and what to do about the rest')
            [CompletionResult]::new('download', 'download', [CompletionResultType]::ParameterValue, 'Download the signatures, attestations or SBOM of an image')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the environment variables that are read, and their values')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print the payload that sign would sign')
            [CompletionResult]::new('generate-key-pair', 'generate-key-pair', [CompletionResultType]::ParameterValue, 'Make a key pair to sign with')
            [CompletionResult]::new('import-key-pair', 'import-key-pair', [CompletionResultType]::ParameterValue, 'Import a private key of another tool to sign with')
            [CompletionResult]::new('initialize', 'initialize', [CompletionResultType]::ParameterValue, 'Fetch the trust root of Sigstore, or of an instance of your own')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show who claims to have signed an image, and how to verify that. Verifies nothing')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Load an image that was saved, with all that is attached to it, into a registry')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Log in to a registry')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the stored credential of a registry')
            [CompletionResult]::new('manifest', 'manifest', [CompletionResultType]::ParameterValue, 'Verify the images of a Kubernetes manifest')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Which images may run, and who must have signed them (ClusterImagePolicy)')
            [CompletionResult]::new('public-key', 'public-key', [CompletionResultType]::ParameterValue, 'Print the public key of a key pair')
            [CompletionResult]::new('registry', 'registry', [CompletionResultType]::ParameterValue, 'Run a registry on this machine, to try things out')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Save an image with all that is attached to it in a directory')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign images')
            [CompletionResult]::new('sign-blob', 'sign-blob', [CompletionResultType]::ParameterValue, 'Sign files')
            [CompletionResult]::new('signing-config', 'signing-config', [CompletionResultType]::ParameterValue, 'Work with signing configurations: which services a signer uses')
            [CompletionResult]::new('tree', 'tree', [CompletionResultType]::ParameterValue, 'Show what is attached to an image: signatures, attestations, SBOMs and referrers')
            [CompletionResult]::new('triangulate', 'triangulate', [CompletionResultType]::ParameterValue, 'Print where the signatures of an image lie')
            [CompletionResult]::new('trusted-root', 'trusted-root', [CompletionResultType]::ParameterValue, 'Work with trusted roots: which logs and authorities are trusted')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of images')
            [CompletionResult]::new('verify-attestation', 'verify-attestation', [CompletionResultType]::ParameterValue, 'Verify the attestations of images')
            [CompletionResult]::new('verify-blob', 'verify-blob', [CompletionResultType]::ParameterValue, 'Verify the signature of a file')
            [CompletionResult]::new('verify-blob-attestation', 'verify-blob-attestation', [CompletionResultType]::ParameterValue, 'Verify an attestation of a file')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'countersign;help;attach' {
            [CompletionResult]::new('signature', 'signature', [CompletionResultType]::ParameterValue, 'Attach a signature that was made elsewhere')
            [CompletionResult]::new('attestation', 'attestation', [CompletionResultType]::ParameterValue, 'Attach attestations that were made elsewhere')
            [CompletionResult]::new('sbom', 'sbom', [CompletionResultType]::ParameterValue, 'Attach an SBOM (deprecated: use attest)')
            break
        }
        'countersign;help;attach;signature' {
            break
        }
        'countersign;help;attach;attestation' {
            break
        }
        'countersign;help;attach;sbom' {
            break
        }
        'countersign;help;attest' {
            break
        }
        'countersign;help;attest-blob' {
            break
        }
        'countersign;help;bundle' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a Sigstore bundle of a signature that exists already')
            [CompletionResult]::new('upgrade', 'upgrade', [CompletionResultType]::ParameterValue, 'Write a Sigstore bundle of an older version as v0.3')
            break
        }
        'countersign;help;bundle;create' {
            break
        }
        'countersign;help;bundle;upgrade' {
            break
        }
        'countersign;help;clean' {
            break
        }
        'countersign;help;completion' {
            break
        }
        'countersign;help;copy' {
            break
        }
        'countersign;help;dockerfile' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of the images that a Dockerfile builds on')
            break
        }
        'countersign;help;dockerfile;verify' {
            break
        }
        'countersign;help;doctor' {
            break
        }
        'countersign;help;download' {
            [CompletionResult]::new('signature', 'signature', [CompletionResultType]::ParameterValue, 'Print the signatures of an image, a JSON document a line')
            [CompletionResult]::new('attestation', 'attestation', [CompletionResultType]::ParameterValue, 'Print the attestations of an image, a JSON document a line')
            [CompletionResult]::new('sbom', 'sbom', [CompletionResultType]::ParameterValue, 'Print the SBOM that is attached to an image (deprecated: use attestations)')
            break
        }
        'countersign;help;download;signature' {
            break
        }
        'countersign;help;download;attestation' {
            break
        }
        'countersign;help;download;sbom' {
            break
        }
        'countersign;help;env' {
            break
        }
        'countersign;help;generate' {
            break
        }
        'countersign;help;generate-key-pair' {
            break
        }
        'countersign;help;import-key-pair' {
            break
        }
        'countersign;help;initialize' {
            break
        }
        'countersign;help;inspect' {
            break
        }
        'countersign;help;load' {
            break
        }
        'countersign;help;login' {
            break
        }
        'countersign;help;logout' {
            break
        }
        'countersign;help;manifest' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the signatures of all images in Kubernetes manifests')
            break
        }
        'countersign;help;manifest;verify' {
            break
        }
        'countersign;help;policy' {
            [CompletionResult]::new('certificate', 'certificate', [CompletionResultType]::ParameterValue, 'Make a certificate for the webhook')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check images and manifests against policies, as admission does')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the Kubernetes admission webhook')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Test policies offline, against OCI layouts')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check that policies are valid')
            break
        }
        'countersign;help;policy;certificate' {
            break
        }
        'countersign;help;policy;check' {
            break
        }
        'countersign;help;policy;serve' {
            break
        }
        'countersign;help;policy;test' {
            break
        }
        'countersign;help;policy;validate' {
            break
        }
        'countersign;help;public-key' {
            break
        }
        'countersign;help;registry' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve an OCI registry on a loopback address. Not for production')
            break
        }
        'countersign;help;registry;serve' {
            break
        }
        'countersign;help;save' {
            break
        }
        'countersign;help;sign' {
            break
        }
        'countersign;help;sign-blob' {
            break
        }
        'countersign;help;signing-config' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a signing configuration: which services a signer uses')
            break
        }
        'countersign;help;signing-config;create' {
            break
        }
        'countersign;help;tree' {
            break
        }
        'countersign;help;triangulate' {
            break
        }
        'countersign;help;trusted-root' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a trusted root from keys and certificates')
            break
        }
        'countersign;help;trusted-root;create' {
            break
        }
        'countersign;help;verify' {
            break
        }
        'countersign;help;verify-attestation' {
            break
        }
        'countersign;help;verify-blob' {
            break
        }
        'countersign;help;verify-blob-attestation' {
            break
        }
        'countersign;help;version' {
            break
        }
        'countersign;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
