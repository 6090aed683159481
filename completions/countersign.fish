# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_countersign_global_optspecs
    string join \n output-file= t/timeout= d/verbose= retries= h/help V/version
end

function __fish_countersign_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_countersign_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_countersign_using_subcommand
    set -l cmd (__fish_countersign_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c countersign -n "__fish_countersign_needs_command" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_needs_command" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_needs_command" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_needs_command" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_needs_command" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_needs_command" -s V -l version -d 'Print version'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "attach" -d 'Attach a signature, an attestation or an SBOM to an image'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "attest" -d 'Sign an attestation of an image'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "attest-blob" -d 'Sign an attestation of a file'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "bundle" -d 'Work with Sigstore bundles'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "clean" -d 'Remove signatures, attestations and SBOMs from an image'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "completion" -d 'Print a completion script for a shell'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "copy" -d 'Copy an image with its signatures, attestations and all that refers to it'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "dockerfile" -d 'Verify the images that a Dockerfile builds on'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "doctor" -d 'Say what works with a registry and what to do about the rest'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "download" -d 'Download the signatures, attestations or SBOM of an image'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "env" -d 'Print the environment variables that are read, and their values'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "generate" -d 'Print the payload that sign would sign'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "generate-key-pair" -d 'Make a key pair to sign with'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "import-key-pair" -d 'Import a private key of another tool to sign with'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "initialize" -d 'Fetch the trust root of Sigstore, or of an instance of your own'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "inspect" -d 'Show who claims to have signed an image, and how to verify that. Verifies nothing'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "load" -d 'Load an image that was saved, with all that is attached to it, into a registry'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "login" -d 'Log in to a registry'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "logout" -d 'Remove the stored credential of a registry'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "manifest" -d 'Verify the images of a Kubernetes manifest'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "policy" -d 'Which images may run, and who must have signed them (ClusterImagePolicy)'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "public-key" -d 'Print the public key of a key pair'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "registry" -d 'Run a registry on this machine, to try things out'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "save" -d 'Save an image with all that is attached to it in a directory'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "sign" -d 'Sign images'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "sign-blob" -d 'Sign files'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "signing-config" -d 'Work with signing configurations: which services a signer uses'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "tree" -d 'Show what is attached to an image: signatures, attestations, SBOMs and referrers'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "triangulate" -d 'Print where the signatures of an image lie'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "trusted-root" -d 'Work with trusted roots: which logs and authorities are trusted'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "verify" -d 'Verify the signatures of images'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "verify-attestation" -d 'Verify the attestations of images'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "verify-blob" -d 'Verify the signature of a file'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "verify-blob-attestation" -d 'Verify an attestation of a file'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "version" -d 'Print the version'
complete -c countersign -n "__fish_countersign_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "signature" -d 'Attach a signature that was made elsewhere'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "attestation" -d 'Attach attestations that were made elsewhere'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "sbom" -d 'Attach an SBOM (deprecated: use attest)'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l payload -d 'What was signed; without it, the payload that cosign implies for the image' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l signature -d 'The signature, base64; - reads standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l certificate -d 'Certificate of the signer (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l certificate-chain -d 'CA certificates above it, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l rekor-response -d 'Log entry: a bundle of cosign, its rekorBundle, or the answer of Rekor (JSON FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l tsr -d 'Timestamp response (RFC 3161, DER FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from signature" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l attestation -d 'DSSE envelopes or a bundle (JSON FILE); repeatable' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from attestation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l sbom -d 'The SBOM; - reads standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l type -d 'What it is' -r -f -a "spdx\t''
cyclonedx\t''
syft\t''"
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l input-format -d 'How it is written; without it, json when the name ends so' -r -f -a "json\t''
xml\t''
text\t''"
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-referrers-mode -d 'legacy puts it under the .sbom tag; oci-1-1 refers to the image' -r -f -a "\t''
legacy\t''
oci-1-1\t''"
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from sbom" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from help" -f -a "signature" -d 'Attach a signature that was made elsewhere'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from help" -f -a "attestation" -d 'Attach attestations that were made elsewhere'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from help" -f -a "sbom" -d 'Attach an SBOM (deprecated: use attest)'
complete -c countersign -n "__fish_countersign_using_subcommand attach; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l predicate -d 'Predicate: FILE; - is standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l type -d 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l statement -d 'Whole in-toto statement to sign as it is, in place of --predicate: FILE; - is standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l rekor-entry-type -d 'Kind of the entry in Rekor v1: dsse or intoto' -r -f -a "dsse\t''
intoto\t''"
complete -c countersign -n "__fish_countersign_using_subcommand attest" -s r -l recursive -d 'Attest the images that an index lists as well' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l replace -d 'Drop the attestations of the same type that the image has in the format that is written, whoever signed them' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l no-upload -d 'Print the signed envelope and put it nowhere' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l new-bundle-format -d 'Keep the attestation as a Sigstore bundle (true) or under the .att tag (false)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l bundle -d 'Write the bundle to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l record-creation-timestamp -d 'Record the time in the manifest of the attestations' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l key -d 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l certificate -l cert -d 'Certificate of the key (PEM FILE), which the signature then carries' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l certificate-chain -l cert-chain -d 'CA certificates above --certificate, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l tlog-upload -d 'Make the signature public in a transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l rekor-url -d 'Transparency log (Rekor v1) to upload to' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l signing-config -d 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l use-signing-config -d 'Take the services from the signing configuration of the TUF repository' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l trusted-root -d 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l timestamp-server-url -d 'Timestamp authority (RFC 3161) to ask' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l timestamp-client-cacert -d 'CA certificates of the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l timestamp-client-cert -d 'Client certificate for the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l timestamp-client-key -d 'Key of --timestamp-client-cert (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l timestamp-server-name -d 'Name that the timestamp authority\'s TLS certificate has to be of' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -s y -l yes -d 'Do not ask before making anything public' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l fulcio-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l fulcio-auth-flow -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l identity-token -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l insecure-skip-verify -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l oidc-client-id -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l oidc-client-secret-file -d 'Not supported: signing without a key of your own; name one with --key' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l oidc-disable-ambient-providers -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l oidc-issuer -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l oidc-provider -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l oidc-redirect-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l sk -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l slot -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l predicate -d 'Predicate: FILE; - is standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l type -d 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l statement -d 'Whole in-toto statement to sign as it is, in place of --predicate: FILE; - is standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l rekor-entry-type -d 'Kind of the entry in Rekor v1: dsse or intoto' -r -f -a "dsse\t''
intoto\t''"
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l hash -d 'SHA-256 (hexadecimal) of the file, which then is not read' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l bundle -d 'Write everything that is needed to verify the attestation to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l new-bundle-format -d 'Write --bundle as a Sigstore bundle; false writes the form of cosign 2' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l output-signature -d 'Write the signed envelope to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l output-attestation -d 'Write the statement to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l output-certificate -d 'Write the certificate of --certificate to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l rfc3161-timestamp-bundle -d 'Write the timestamp to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l key -d 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l certificate -l cert -d 'Certificate of the key (PEM FILE), which the signature then carries' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l certificate-chain -l cert-chain -d 'CA certificates above --certificate, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l tlog-upload -d 'Make the signature public in a transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l rekor-url -d 'Transparency log (Rekor v1) to upload to' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l signing-config -d 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l use-signing-config -d 'Take the services from the signing configuration of the TUF repository' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l trusted-root -d 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l timestamp-server-url -d 'Timestamp authority (RFC 3161) to ask' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l timestamp-client-cacert -d 'CA certificates of the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l timestamp-client-cert -d 'Client certificate for the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l timestamp-client-key -d 'Key of --timestamp-client-cert (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l timestamp-server-name -d 'Name that the timestamp authority\'s TLS certificate has to be of' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -s y -l yes -d 'Do not ask before making anything public' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l fulcio-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l fulcio-auth-flow -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l identity-token -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l insecure-skip-verify -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l oidc-client-id -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l oidc-client-secret-file -d 'Not supported: signing without a key of your own; name one with --key' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l oidc-disable-ambient-providers -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l oidc-issuer -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l oidc-provider -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l oidc-redirect-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l sk -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l slot -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand attest-blob" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -f -a "create" -d 'Make a Sigstore bundle of a signature that exists already'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -f -a "upgrade" -d 'Write a Sigstore bundle of an older version as v0.3'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and not __fish_seen_subcommand_from create upgrade help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l artifact -d 'The signed FILE' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l bundle -d 'Bundle of cosign 2\'s form (FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l signature -d 'Signature (FILE, base64)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l attestation -d 'Signed DSSE envelope (FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l certificate -d 'Certificate of the signer (FILE, PEM or its base64)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l key -d 'Public key of the signer: a FILE, env://NAME or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l rfc3161-timestamp -d 'Timestamp (RFC 3161) over the signature (FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l ignore-tlog -d 'Make a bundle without an entry of a transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l rekor-url -d 'Transparency log (Rekor v1) that has the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l out -d 'Write the bundle to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l sk -d 'Not supported: hardware tokens; export the public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l slot -d 'Not supported: hardware tokens; export the public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -l out -d 'Write the bundle to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -l rekor-url -d 'Transparency log (Rekor v1) to ask for a missing proof' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from upgrade" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make a Sigstore bundle of a signature that exists already'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from help" -f -a "upgrade" -d 'Write a Sigstore bundle of an older version as v0.3'
complete -c countersign -n "__fish_countersign_using_subcommand bundle; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l type -d 'What to remove; signature and attestation in both formats, referrer all that refers to the image' -r -f -a "signature\t''
attestation\t''
referrer\t''
sbom\t''
all\t''"
complete -c countersign -n "__fish_countersign_using_subcommand clean" -s f -l force -d 'Do not ask' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand clean" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand clean" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand completion" -l program -d 'Name of the program to complete; without it cosign where a link of that name is called, else countersign' -r
complete -c countersign -n "__fish_countersign_using_subcommand completion" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand completion" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand completion" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand completion" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand completion" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand copy" -s f -l force -d 'Replace another image under the target\'s tag, and its signatures; without it, signatures of both are kept' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l only -d 'Copy only signatures (sig), attestations (att) or SBOMs (sbom), and do not tag the image' -r -f -a "sig\t''
att\t''
sbom\t''"
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l sig-only -d 'The same as --only=sig; deprecated' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l platform -d 'Copy only the image of a multi-platform image that is for this platform' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -s o -l output -d 'Print what was copied as JSON' -r -f -a "json\t''"
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand copy" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -f -a "verify" -d 'Verify the signatures of the images that a Dockerfile builds on'
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and not __fish_seen_subcommand_from verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l base-image-only -d 'Verify only the image that the last stage builds on' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -s f -l file -d 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -s o -l output -d 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)' -r -f -a "json\t'A JSON array of payloads for each image'
jsonl\t'A JSON object on a line for each image, also for those that failed'
text\t'The payloads, one on a line'"
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l fail-fast -d 'Stop at the first image that is not verified' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l max-workers -d 'How many images are verified at once' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l key -d 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate -l cert -d 'Certificate of the signer (PEM FILE), when it does not lie beside the signature' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-chain -l cert-chain -d 'CA certificates above the signer\'s, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l ca-roots -d 'Root CA certificates to trust (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l ca-intermediates -d 'CA certificates between the signer\'s and the roots (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-identity -l cert-identity -d 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-identity-regexp -l cert-identity-regexp -d 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-oidc-issuer -l cert-oidc-issuer -d 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-oidc-issuer-regexp -l cert-oidc-issuer-regexp -d 'OIDC issuer in the certificate, as a Go regular expression' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-name -d 'Name of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-ref -d 'Git reference of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-repository -d 'Repository of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-sha -d 'Commit of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-trigger -d 'Event that started the GitHub workflow run in the certificate, e.g. push' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l insecure-ignore-sct -d 'Accept certificates that prove no entry in a certificate transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l sct -d 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l signature-digest-algorithm -d 'Hash of the signature: sha224, sha256, sha384 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l sk -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l slot -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -s a -l annotations -d 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l check-claims -d 'Whether signatures have to be about this image and carry the annotations' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l accept-attestations -d 'Let attestations of any type count as signatures: they prove less than a signature does' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l insecure-ignore-tlog -d 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l private-infrastructure -d 'Accept signatures that are in no transparency log, because the infrastructure has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l offline -d 'Ask no service but the registry: log entries have to lie beside the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l rekor-url -d 'Transparency log to ask for signatures that have no log entry beside them' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l use-signed-timestamps -d 'Ask for a timestamp (RFC 3161) of a trusted authority' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l timestamp-certificate-chain -d 'Certificates of the timestamp authority, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l local-image -d 'Images are directories that `save` wrote' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l new-bundle-format -d 'Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l experimental-oci11 -d 'Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l signature -d 'Signature to check in place of those in the registry: base64 text, FILE or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l payload -d 'Payload that --signature is over: FILE or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l attachment -d 'Verify what is attached to the image (sbom) in place of the image' -r -f -a "\t''
sbom\t''"
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Verify the signatures of the images that a Dockerfile builds on'
complete -c countersign -n "__fish_countersign_using_subcommand dockerfile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l write -d 'Also push, overwrite and delete the tag countersign-doctor in the repository' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "signature" -d 'Print the signatures of an image, a JSON document a line'
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "attestation" -d 'Print the attestations of an image, a JSON document a line'
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "sbom" -d 'Print the SBOM that is attached to an image (deprecated: use attestations)'
complete -c countersign -n "__fish_countersign_using_subcommand download; and not __fish_seen_subcommand_from signature attestation sbom help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from signature" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l predicate-type -d 'Only attestations of this type: a short name (slsaprovenance, spdxjson, …) or a URI' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l platform -d 'Those of the image that is for this platform, of a multi-platform image' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from attestation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l platform -d 'That of the image that is for this platform, of a multi-platform image' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from sbom" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from help" -f -a "signature" -d 'Print the signatures of an image, a JSON document a line'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from help" -f -a "attestation" -d 'Print the attestations of an image, a JSON document a line'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from help" -f -a "sbom" -d 'Print the SBOM that is attached to an image (deprecated: use attestations)'
complete -c countersign -n "__fish_countersign_using_subcommand download; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand env" -l show-descriptions -d 'Show what each variable is for' -r
complete -c countersign -n "__fish_countersign_using_subcommand env" -l show-sensitive-values -d 'Show the values of secret variables' -r
complete -c countersign -n "__fish_countersign_using_subcommand env" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand env" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand env" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand env" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand env" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand generate" -s a -l annotations -d 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand generate" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -l kms -d 'Not supported: key management services; make the key in a file' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -l output-key-prefix -d 'Write PREFIX.key and PREFIX.pub' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -s y -l yes -d 'Overwrite existing files without asking' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand generate-key-pair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -s k -l key -d 'Private key to import: a PEM FILE or env://NAME' -r
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -s o -l output-key-prefix -d 'Write PREFIX.key and PREFIX.pub' -r
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -s y -l yes -d 'Overwrite existing files without asking' -r
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand import-key-pair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -l mirror -d 'TUF repository: an https:// address, or file:///DIRECTORY' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -l root -d 'First trusted root: a FILE or an https:// address; the built-in one for the public instance' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -l root-checksum -d 'Checksum of --root in hexadecimal: SHA-256, or SHA-512 when it begins with sha512:' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -l staging -d 'Use the staging instance of Sigstore' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand initialize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -s o -l output -d 'text, or json for programs' -r -f -a "text\t''
json\t''"
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand load" -l dir -d 'The directory' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand load" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand load" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand load" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand login" -s u -l username -d 'User name' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -s p -l password -d 'Password or token; others can see it in the process list, so prefer --password-stdin' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l password-stdin -d 'Read the password from standard input' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand login" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand logout" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand logout" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand logout" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand logout" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -f -a "verify" -d 'Verify the signatures of all images in Kubernetes manifests'
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and not __fish_seen_subcommand_from verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -s f -l file -d 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -s o -l output -d 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)' -r -f -a "json\t'A JSON array of payloads for each image'
jsonl\t'A JSON object on a line for each image, also for those that failed'
text\t'The payloads, one on a line'"
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l fail-fast -d 'Stop at the first image that is not verified' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l max-workers -d 'How many images are verified at once' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l key -d 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate -l cert -d 'Certificate of the signer (PEM FILE), when it does not lie beside the signature' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-chain -l cert-chain -d 'CA certificates above the signer\'s, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l ca-roots -d 'Root CA certificates to trust (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l ca-intermediates -d 'CA certificates between the signer\'s and the roots (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-identity -l cert-identity -d 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-identity-regexp -l cert-identity-regexp -d 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-oidc-issuer -l cert-oidc-issuer -d 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-oidc-issuer-regexp -l cert-oidc-issuer-regexp -d 'OIDC issuer in the certificate, as a Go regular expression' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-name -d 'Name of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-ref -d 'Git reference of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-repository -d 'Repository of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-sha -d 'Commit of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l certificate-github-workflow-trigger -d 'Event that started the GitHub workflow run in the certificate, e.g. push' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l insecure-ignore-sct -d 'Accept certificates that prove no entry in a certificate transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l sct -d 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l signature-digest-algorithm -d 'Hash of the signature: sha224, sha256, sha384 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l sk -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l slot -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -s a -l annotations -d 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l check-claims -d 'Whether signatures have to be about this image and carry the annotations' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l accept-attestations -d 'Let attestations of any type count as signatures: they prove less than a signature does' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l insecure-ignore-tlog -d 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l private-infrastructure -d 'Accept signatures that are in no transparency log, because the infrastructure has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l offline -d 'Ask no service but the registry: log entries have to lie beside the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l rekor-url -d 'Transparency log to ask for signatures that have no log entry beside them' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l use-signed-timestamps -d 'Ask for a timestamp (RFC 3161) of a trusted authority' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l timestamp-certificate-chain -d 'Certificates of the timestamp authority, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l local-image -d 'Images are directories that `save` wrote' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l new-bundle-format -d 'Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l experimental-oci11 -d 'Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l signature -d 'Signature to check in place of those in the registry: base64 text, FILE or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l payload -d 'Payload that --signature is over: FILE or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l attachment -d 'Verify what is attached to the image (sbom) in place of the image' -r -f -a "\t''
sbom\t''"
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Verify the signatures of all images in Kubernetes manifests'
complete -c countersign -n "__fish_countersign_using_subcommand manifest; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -f -a "certificate" -d 'Make a certificate for the webhook'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -f -a "check" -d 'Check images and manifests against policies, as admission does'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -f -a "serve" -d 'Serve the Kubernetes admission webhook'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -f -a "test" -d 'Test policies offline, against OCI layouts'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -f -a "validate" -d 'Check that policies are valid'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and not __fish_seen_subcommand_from certificate check serve test validate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -l dns -d 'Name of the webhook\'s service' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -l directory -d 'Where to write; it is made when it does not exist' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from certificate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -s p -l policy -d 'File or directory with policies' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -s f -l filename -d 'Manifest or compose file; - is standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -s o -l output -d 'How to report' -r -f -a "text\t'For people'
json\t'One JSON document'
sarif\t'SARIF 2.1.0, for code hosts'
junit\t'JUnit XML, for CI systems'"
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-match-policy -d 'What happens to an image that no policy matches' -r -f -a "allow\t'It is admitted'
warn\t'It is admitted with a warning'
deny\t'It is denied'"
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l trust-root -d 'A trusted root that policies name in trustRootRef' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -s p -l policy -d 'File or directory with policies' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l cluster -d 'Watch the policies of the cluster that this is a pod of, and read pull secrets there' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l address -d 'Address and port of the webhook' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l probe-address -d 'Address and port for /healthz, /readyz and /metrics in plain HTTP as well' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l tls-certificate -d 'Certificate with its chain (PEM FILE); read again when it changes' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l tls-key -d 'Private key of the certificate (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l self-signed -d 'Make a certificate for NAME and print its authority as caBundle; gone when the program ends' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l no-match-policy -d 'What happens to an image that no policy matches' -r -f -a "allow\t'It is admitted'
warn\t'It is admitted with a warning'
deny\t'It is denied'"
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l mutate -d 'Which objects get digests for tags' -r -f -a "all\t'Every workload'
pods\t'Pods only; what other workloads say stays as it was applied'
none\t'None: tags are denied'"
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l answer-within -d 'Longest time for an answer, e.g. 8s; shorter when the API server says so' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l cache-lifetime -d 'How long an admission is kept, e.g. 10m; 0 keeps none' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l cache-size -d 'How many results are kept' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l trust-root -d 'A trusted root that policies name in trustRootRef' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from test" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from test" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from test" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from test" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -s f -l filename -d 'File or directory with policies; - is standard input' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -l strict -d 'Treat warnings as errors' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "certificate" -d 'Make a certificate for the webhook'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check images and manifests against policies, as admission does'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "serve" -d 'Serve the Kubernetes admission webhook'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "test" -d 'Test policies offline, against OCI layouts'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "validate" -d 'Check that policies are valid'
complete -c countersign -n "__fish_countersign_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -l key -d 'Private key: a FILE, env://NAME or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -l outfile -d 'Write the public key to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -l sk -d 'Not supported: hardware tokens; export the public key with the token\'s own tool' -r
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -l slot -d 'Not supported: hardware tokens; export the public key with the token\'s own tool' -r
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand public-key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -f -a "serve" -d 'Serve an OCI registry on a loopback address. Not for production'
complete -c countersign -n "__fish_countersign_using_subcommand registry; and not __fish_seen_subcommand_from serve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -l addr -d 'Loopback address and port; port 0 takes a free one' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -l dir -d 'Keep what is pushed in this directory; without it, in memory until the end' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "serve" -d 'Serve an OCI registry on a loopback address. Not for production'
complete -c countersign -n "__fish_countersign_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand save" -l dir -d 'The directory; made when it is missing' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand save" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand save" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand save" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand sign" -s r -l recursive -d 'Sign the images that an index lists as well' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -s a -l annotations -d 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l sign-container-identity -d 'Sign NAME as the image\'s docker-reference, in place of its repository' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l payload -d 'Sign this payload (FILE) in place of the one that is made' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l attachment -d 'Sign what is attached to the image (sbom) in place of the image' -r -f -a "\t''
sbom\t''"
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l key -d 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l certificate -l cert -d 'Certificate of the key (PEM FILE), which the signature then carries' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l certificate-chain -l cert-chain -d 'CA certificates above --certificate, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l tlog-upload -d 'Make the signature public in a transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l rekor-url -d 'Transparency log (Rekor v1) to upload to' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l signing-config -d 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l use-signing-config -d 'Take the services from the signing configuration of the TUF repository' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l trusted-root -d 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l timestamp-server-url -d 'Timestamp authority (RFC 3161) to ask' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l timestamp-client-cacert -d 'CA certificates of the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l timestamp-client-cert -d 'Client certificate for the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l timestamp-client-key -d 'Key of --timestamp-client-cert (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l timestamp-server-name -d 'Name that the timestamp authority\'s TLS certificate has to be of' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -s y -l yes -d 'Do not ask before making anything public' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l fulcio-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l fulcio-auth-flow -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l identity-token -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l insecure-skip-verify -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l oidc-client-id -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l oidc-client-secret-file -d 'Not supported: signing without a key of your own; name one with --key' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l oidc-disable-ambient-providers -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l oidc-issuer -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l oidc-provider -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l oidc-redirect-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l sk -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l slot -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l upload -d 'Put the signature beside the image' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l new-bundle-format -d 'Keep the signature as a Sigstore bundle (true) or under the .sig tag (false)' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l bundle -d 'Write the bundle to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l output-signature -d 'Write the signature to FILE, base64' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l output-payload -d 'Write the signed payload to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l output-certificate -d 'Write the certificate, else the public key, to FILE (PEM)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l record-creation-timestamp -d 'Record the time in the signature\'s manifest; without it, equal signatures are equal manifests' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-referrers-mode -d 'legacy keeps the signature under the .sig tag; oci-1-1 refers to the image, as bundles do' -r -f -a "\t''
legacy\t''
oci-1-1\t''"
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l issue-certificate -d 'Not supported: certificates of Fulcio; bring one with --certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l bundle -d 'Write everything that is needed to verify the signature to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l new-bundle-format -d 'Write --bundle as a Sigstore bundle; false writes the form of cosign 2' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l output-signature -l output -d 'Write the signature to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l output-certificate -d 'Write the certificate of --certificate to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l rfc3161-timestamp -d 'Write the timestamp to FILE' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l b64 -d 'Write signature and certificate in base64' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l issue-certificate -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l signing-algorithm -d 'Not supported: the algorithm is that of --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l key -d 'Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l certificate -l cert -d 'Certificate of the key (PEM FILE), which the signature then carries' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l certificate-chain -l cert-chain -d 'CA certificates above --certificate, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l tlog-upload -d 'Make the signature public in a transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l rekor-url -d 'Transparency log (Rekor v1) to upload to' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l signing-config -d 'Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l use-signing-config -d 'Take the services from the signing configuration of the TUF repository' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l trusted-root -d 'Trusted keys (trusted_root.json): what the log and the authority answer is checked with them' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l timestamp-server-url -d 'Timestamp authority (RFC 3161) to ask' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l timestamp-client-cacert -d 'CA certificates of the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l timestamp-client-cert -d 'Client certificate for the timestamp authority\'s TLS (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l timestamp-client-key -d 'Key of --timestamp-client-cert (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l timestamp-server-name -d 'Name that the timestamp authority\'s TLS certificate has to be of' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -s y -l yes -d 'Do not ask before making anything public' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l fulcio-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l fulcio-auth-flow -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l identity-token -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l insecure-skip-verify -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l oidc-client-id -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l oidc-client-secret-file -d 'Not supported: signing without a key of your own; name one with --key' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l oidc-disable-ambient-providers -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l oidc-issuer -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l oidc-provider -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l oidc-redirect-url -d 'Not supported: signing without a key of your own; name one with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l sk -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l slot -d 'Not supported: signing with a hardware token; use a key file with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand sign-blob" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -f -a "create" -d 'Create a signing configuration: which services a signer uses'
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and not __fish_seen_subcommand_from create help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l fulcio -d 'Certificate authority: url, api-version, start-time, operator; optional end-time' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l rekor -d 'Transparency log: url, api-version (1 or 2), start-time, operator; optional end-time' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l rekor-config -d 'How many logs to use: ANY, ALL or EXACT:<count>' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l oidc-provider -d 'Provider of identity tokens: url, api-version, start-time, operator; optional end-time' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l tsa -d 'Timestamp authority: url, api-version, start-time, operator; optional end-time' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l tsa-config -d 'How many timestamp authorities to use: ANY, ALL or EXACT:<count>' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l out -d 'Write the configuration to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l base-config -d 'Start from the services of FILE; a service flag replaces those of its kind' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l with-default-services -d 'Start from the services of the public signing configuration (TUF)' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l with-default-rekor-v2 -d 'With --with-default-services: the public configuration that names Rekor v2' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l no-default-fulcio -d 'Leave out the default certificate authorities' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l no-default-rekor -d 'Leave out the default transparency logs' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l no-default-oidc -d 'Leave out the default providers of identity tokens' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l no-default-tsa -d 'Leave out the default timestamp authorities' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a signing configuration: which services a signer uses'
complete -c countersign -n "__fish_countersign_using_subcommand signing-config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand tree" -s o -l output -d 'text, or json for programs' -r -f -a "text\t''
json\t''"
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-referrers-mode -d 'Where to look besides tags: legacy does not look for referrers' -r -f -a "legacy\t''
oci-1-1\t''"
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l experimental-oci11 -d 'The same as --registry-referrers-mode=oci-1-1, which is the default' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand tree" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand tree" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l type -d 'What to look for' -r -f -a "signature\t''
attestation\t''
sbom\t''
digest\t''"
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand triangulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -f -a "create" -d 'Create a trusted root from keys and certificates'
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and not __fish_seen_subcommand_from create help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l fulcio -d 'Certificate authority: url, certificate-chain (PEM FILE); optional start-time, end-time' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l rekor -d 'Transparency log: url, public-key (PEM FILE), start-time; optional end-time, origin (Rekor v2)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l ctfe -d 'Certificate transparency log: url, public-key (PEM FILE), start-time; optional end-time, origin' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l tsa -d 'Timestamp authority: url, certificate-chain (PEM FILE, its own certificate first); optional start-time, end-time' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l out -d 'Write the trusted root to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l with-default-services -d 'Start from the services of the public trusted root (TUF)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l no-default-fulcio -d 'Leave out the public certificate authorities' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l no-default-rekor -d 'Leave out the public transparency logs' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l no-default-ctfe -d 'Leave out the public certificate transparency logs' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l no-default-tsa -d 'Leave out the public timestamp authorities' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l certificate-chain -d 'Chain of a certificate authority (use --fulcio)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l fulcio-uri -d 'URL of a certificate authority (use --fulcio)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l ctfe-key -d 'Key of a certificate transparency log (use --ctfe)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l ctfe-start-time -d 'Time from which the key is valid (use --ctfe)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l ctfe-end-time -d 'Time until which the key is valid (use --ctfe)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l ctfe-url -d 'URL of a certificate transparency log (use --ctfe)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l rekor-key -d 'Key of a transparency log, with `,origin` for Rekor v2 (use --rekor)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l rekor-start-time -d 'Time from which the key is valid (use --rekor)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l rekor-end-time -d 'Time until which the key is valid (use --rekor)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l rekor-url -d 'URL of a transparency log (use --rekor)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l timestamp-certificate-chain -d 'Chain of a timestamp authority (use --tsa)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l timestamp-uri -d 'URL of a timestamp authority (use --tsa)' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a trusted root from keys and certificates'
complete -c countersign -n "__fish_countersign_using_subcommand trusted-root; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand verify" -s f -l file -d 'More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -s o -l output -d 'Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)' -r -f -a "json\t'A JSON array of payloads for each image'
jsonl\t'A JSON object on a line for each image, also for those that failed'
text\t'The payloads, one on a line'"
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l fail-fast -d 'Stop at the first image that is not verified' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l max-workers -d 'How many images are verified at once' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l key -d 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate -l cert -d 'Certificate of the signer (PEM FILE), when it does not lie beside the signature' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-chain -l cert-chain -d 'CA certificates above the signer\'s, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l ca-roots -d 'Root CA certificates to trust (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l ca-intermediates -d 'CA certificates between the signer\'s and the roots (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-identity -l cert-identity -d 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-identity-regexp -l cert-identity-regexp -d 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-oidc-issuer -l cert-oidc-issuer -d 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-oidc-issuer-regexp -l cert-oidc-issuer-regexp -d 'OIDC issuer in the certificate, as a Go regular expression' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-github-workflow-name -d 'Name of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-github-workflow-ref -d 'Git reference of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-github-workflow-repository -d 'Repository of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-github-workflow-sha -d 'Commit of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l certificate-github-workflow-trigger -d 'Event that started the GitHub workflow run in the certificate, e.g. push' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l insecure-ignore-sct -d 'Accept certificates that prove no entry in a certificate transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l sct -d 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l signature-digest-algorithm -d 'Hash of the signature: sha224, sha256, sha384 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l sk -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l slot -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -s a -l annotations -d 'KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l check-claims -d 'Whether signatures have to be about this image and carry the annotations' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l accept-attestations -d 'Let attestations of any type count as signatures: they prove less than a signature does' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l insecure-ignore-tlog -d 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l private-infrastructure -d 'Accept signatures that are in no transparency log, because the infrastructure has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l offline -d 'Ask no service but the registry: log entries have to lie beside the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l rekor-url -d 'Transparency log to ask for signatures that have no log entry beside them' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l use-signed-timestamps -d 'Ask for a timestamp (RFC 3161) of a trusted authority' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l timestamp-certificate-chain -d 'Certificates of the timestamp authority, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l local-image -d 'Images are directories that `save` wrote' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l new-bundle-format -d 'Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l experimental-oci11 -d 'Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l signature -d 'Signature to check in place of those in the registry: base64 text, FILE or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l payload -d 'Payload that --signature is over: FILE or an https:// address' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l attachment -d 'Verify what is attached to the image (sbom) in place of the image' -r -f -a "\t''
sbom\t''"
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l type -d 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l policy -d 'Policy that the statement has to satisfy: rego with the rule data.signature.allow (FILE); repeatable, and files of other packages may be imported' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l check-claims -d 'Whether attestations have to be about this image' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -s o -l output -d 'Print the envelopes as json (one on a line) or text' -r -f -a "json\t''
text\t''"
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l local-image -d 'Images are directories that `save` wrote' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l new-bundle-format -d 'Look only for bundles (true) or only under .att tags (false); both are looked for when it is not given' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l experimental-oci11 -d 'Ask the referrers, which is done in any case' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l max-workers -d 'How many requests are made at once' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l key -d 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate -l cert -d 'Certificate of the signer (PEM FILE), when it does not lie beside the signature' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-chain -l cert-chain -d 'CA certificates above the signer\'s, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l ca-roots -d 'Root CA certificates to trust (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l ca-intermediates -d 'CA certificates between the signer\'s and the roots (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-identity -l cert-identity -d 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-identity-regexp -l cert-identity-regexp -d 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-oidc-issuer -l cert-oidc-issuer -d 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-oidc-issuer-regexp -l cert-oidc-issuer-regexp -d 'OIDC issuer in the certificate, as a Go regular expression' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-github-workflow-name -d 'Name of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-github-workflow-ref -d 'Git reference of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-github-workflow-repository -d 'Repository of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-github-workflow-sha -d 'Commit of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l certificate-github-workflow-trigger -d 'Event that started the GitHub workflow run in the certificate, e.g. push' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l insecure-ignore-sct -d 'Accept certificates that prove no entry in a certificate transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l sct -d 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l signature-digest-algorithm -d 'Hash of the signature: sha224, sha256, sha384 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l sk -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l slot -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l insecure-ignore-tlog -d 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l private-infrastructure -d 'Accept signatures that are in no transparency log, because the infrastructure has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l offline -d 'Ask no service but the registry: log entries have to lie beside the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l rekor-url -d 'Transparency log to ask for signatures that have no log entry beside them' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l use-signed-timestamps -d 'Ask for a timestamp (RFC 3161) of a trusted authority' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l timestamp-certificate-chain -d 'Certificates of the timestamp authority, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l allow-http-registry -d 'Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l allow-insecure-registry -d 'Do not check the registry\'s TLS certificate; for tests only' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-cacert -d 'Trust the CA certificates in this PEM FILE for the registry' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-client-cert -d 'Client certificate (PEM FILE) for mutual TLS' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-client-key -d 'Key (PEM FILE) of the client certificate' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-server-name -d 'Name to expect in the registry\'s certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-username -d 'User name for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-password -d 'Password for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l registry-token -d 'Bearer token for the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l k8s-keychain -d 'Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l trust-token-service -d 'Give credentials to the token service at HOST, although it belongs to another site than the registry' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l attachment-tag-prefix -d 'Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-attestation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l bundle -d 'Bundle with the signature: a Sigstore bundle, or the form of cosign 2' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l new-bundle-format -d 'Whether --bundle is a Sigstore bundle; it is found out when this is not given' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l signature -d 'Signature: a FILE, or the base64 text itself' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l rfc3161-timestamp -d 'Timestamp (RFC 3161) over the signature: FILE, as sign-blob writes it or DER' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l max-workers -d 'How many checks are made at once; a blob is one' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l experimental-oci11 -d 'Not supported: referrers of an image; a blob has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l key -d 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate -l cert -d 'Certificate of the signer (PEM FILE), when it does not lie beside the signature' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-chain -l cert-chain -d 'CA certificates above the signer\'s, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l ca-roots -d 'Root CA certificates to trust (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l ca-intermediates -d 'CA certificates between the signer\'s and the roots (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-identity -l cert-identity -d 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-identity-regexp -l cert-identity-regexp -d 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-oidc-issuer -l cert-oidc-issuer -d 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-oidc-issuer-regexp -l cert-oidc-issuer-regexp -d 'OIDC issuer in the certificate, as a Go regular expression' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-github-workflow-name -d 'Name of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-github-workflow-ref -d 'Git reference of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-github-workflow-repository -d 'Repository of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-github-workflow-sha -d 'Commit of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l certificate-github-workflow-trigger -d 'Event that started the GitHub workflow run in the certificate, e.g. push' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l insecure-ignore-sct -d 'Accept certificates that prove no entry in a certificate transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l sct -d 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l signature-digest-algorithm -d 'Hash of the signature: sha224, sha256, sha384 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l sk -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l slot -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l insecure-ignore-tlog -d 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l private-infrastructure -d 'Accept signatures that are in no transparency log, because the infrastructure has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l offline -d 'Ask no service but the registry: log entries have to lie beside the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l rekor-url -d 'Transparency log to ask for signatures that have no log entry beside them' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l use-signed-timestamps -d 'Ask for a timestamp (RFC 3161) of a trusted authority' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l timestamp-certificate-chain -d 'Certificates of the timestamp authority, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l type -d 'Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln, openvex, custom, or a URI' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l check-claims -d 'Whether the attestation has to be about this file' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l digest -d 'Digest (hexadecimal) of the file, in place of the file' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l digestAlg -d 'Algorithm of --digest: sha256 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l bundle -d 'Bundle with the signature: a Sigstore bundle, or the form of cosign 2' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l new-bundle-format -d 'Whether --bundle is a Sigstore bundle; it is found out when this is not given' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l signature -d 'Signature: a FILE, or the base64 text itself' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l rfc3161-timestamp -d 'Timestamp (RFC 3161) over the signature: FILE, as sign-blob writes it or DER' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l max-workers -d 'How many checks are made at once; a blob is one' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l experimental-oci11 -d 'Not supported: referrers of an image; a blob has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l key -d 'Public key: a PEM FILE, env://NAME, an https:// address, or a private key file' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate -l cert -d 'Certificate of the signer (PEM FILE), when it does not lie beside the signature' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-chain -l cert-chain -d 'CA certificates above the signer\'s, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l ca-roots -d 'Root CA certificates to trust (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l ca-intermediates -d 'CA certificates between the signer\'s and the roots (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-identity -l cert-identity -d 'Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-identity-regexp -l cert-identity-regexp -d 'Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-oidc-issuer -l cert-oidc-issuer -d 'OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-oidc-issuer-regexp -l cert-oidc-issuer-regexp -d 'OIDC issuer in the certificate, as a Go regular expression' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-github-workflow-name -d 'Name of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-github-workflow-ref -d 'Git reference of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-github-workflow-repository -d 'Repository of the GitHub workflow in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-github-workflow-sha -d 'Commit of the GitHub workflow run in the certificate' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l certificate-github-workflow-trigger -d 'Event that started the GitHub workflow run in the certificate, e.g. push' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l insecure-ignore-sct -d 'Accept certificates that prove no entry in a certificate transparency log' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l sct -d 'Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l signature-digest-algorithm -d 'Hash of the signature: sha224, sha256, sha384 or sha512' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l sk -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l slot -d 'Not supported: signing with a hardware token; export its public key and name it with --key' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l trusted-root -d 'Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l insecure-ignore-tlog -d 'Accept signatures that are in no transparency log: a stolen key could sign unnoticed' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l private-infrastructure -d 'Accept signatures that are in no transparency log, because the infrastructure has none' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l offline -d 'Ask no service but the registry: log entries have to lie beside the signature' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l rekor-url -d 'Transparency log to ask for signatures that have no log entry beside them' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l use-signed-timestamps -d 'Ask for a timestamp (RFC 3161) of a trusted authority' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l timestamp-certificate-chain -d 'Certificates of the timestamp authority, ending with the root (PEM FILE)' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand verify-blob-attestation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c countersign -n "__fish_countersign_using_subcommand version" -l json -d 'Print JSON instead of text' -r
complete -c countersign -n "__fish_countersign_using_subcommand version" -l output-file -d 'Write the output to FILE instead of standard output' -r -F
complete -c countersign -n "__fish_countersign_using_subcommand version" -s t -l timeout -d 'Give up after DURATION, e.g. 90s or 3m0s' -r
complete -c countersign -n "__fish_countersign_using_subcommand version" -s d -l verbose -d 'Show each request: method, URL, status and time, never secrets' -r
complete -c countersign -n "__fish_countersign_using_subcommand version" -l retries -d 'Try a request again up to N times after a connection error, 408, 429, 500 or 502-504' -r
complete -c countersign -n "__fish_countersign_using_subcommand version" -s h -l help -d 'Print help'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "attach" -d 'Attach a signature, an attestation or an SBOM to an image'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "attest" -d 'Sign an attestation of an image'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "attest-blob" -d 'Sign an attestation of a file'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "bundle" -d 'Work with Sigstore bundles'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "clean" -d 'Remove signatures, attestations and SBOMs from an image'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "completion" -d 'Print a completion script for a shell'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "copy" -d 'Copy an image with its signatures, attestations and all that refers to it'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "dockerfile" -d 'Verify the images that a Dockerfile builds on'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "doctor" -d 'Say what works with a registry and what to do about the rest'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "download" -d 'Download the signatures, attestations or SBOM of an image'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "env" -d 'Print the environment variables that are read, and their values'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "generate" -d 'Print the payload that sign would sign'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "generate-key-pair" -d 'Make a key pair to sign with'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "import-key-pair" -d 'Import a private key of another tool to sign with'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "initialize" -d 'Fetch the trust root of Sigstore, or of an instance of your own'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "inspect" -d 'Show who claims to have signed an image, and how to verify that. Verifies nothing'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "load" -d 'Load an image that was saved, with all that is attached to it, into a registry'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "login" -d 'Log in to a registry'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "logout" -d 'Remove the stored credential of a registry'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "manifest" -d 'Verify the images of a Kubernetes manifest'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "policy" -d 'Which images may run, and who must have signed them (ClusterImagePolicy)'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "public-key" -d 'Print the public key of a key pair'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "registry" -d 'Run a registry on this machine, to try things out'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "save" -d 'Save an image with all that is attached to it in a directory'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "sign" -d 'Sign images'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "sign-blob" -d 'Sign files'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "signing-config" -d 'Work with signing configurations: which services a signer uses'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "tree" -d 'Show what is attached to an image: signatures, attestations, SBOMs and referrers'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "triangulate" -d 'Print where the signatures of an image lie'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "trusted-root" -d 'Work with trusted roots: which logs and authorities are trusted'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "verify" -d 'Verify the signatures of images'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "verify-attestation" -d 'Verify the attestations of images'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "verify-blob" -d 'Verify the signature of a file'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "verify-blob-attestation" -d 'Verify an attestation of a file'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "version" -d 'Print the version'
complete -c countersign -n "__fish_countersign_using_subcommand help; and not __fish_seen_subcommand_from attach attest attest-blob bundle clean completion copy dockerfile doctor download env generate generate-key-pair import-key-pair initialize inspect load login logout manifest policy public-key registry save sign sign-blob signing-config tree triangulate trusted-root verify verify-attestation verify-blob verify-blob-attestation version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from attach" -f -a "signature" -d 'Attach a signature that was made elsewhere'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from attach" -f -a "attestation" -d 'Attach attestations that were made elsewhere'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from attach" -f -a "sbom" -d 'Attach an SBOM (deprecated: use attest)'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from bundle" -f -a "create" -d 'Make a Sigstore bundle of a signature that exists already'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from bundle" -f -a "upgrade" -d 'Write a Sigstore bundle of an older version as v0.3'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from dockerfile" -f -a "verify" -d 'Verify the signatures of the images that a Dockerfile builds on'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from download" -f -a "signature" -d 'Print the signatures of an image, a JSON document a line'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from download" -f -a "attestation" -d 'Print the attestations of an image, a JSON document a line'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from download" -f -a "sbom" -d 'Print the SBOM that is attached to an image (deprecated: use attestations)'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from manifest" -f -a "verify" -d 'Verify the signatures of all images in Kubernetes manifests'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "certificate" -d 'Make a certificate for the webhook'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Check images and manifests against policies, as admission does'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "serve" -d 'Serve the Kubernetes admission webhook'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "test" -d 'Test policies offline, against OCI layouts'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "validate" -d 'Check that policies are valid'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "serve" -d 'Serve an OCI registry on a loopback address. Not for production'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from signing-config" -f -a "create" -d 'Create a signing configuration: which services a signer uses'
complete -c countersign -n "__fish_countersign_using_subcommand help; and __fish_seen_subcommand_from trusted-root" -f -a "create" -d 'Create a trusted root from keys and certificates'
