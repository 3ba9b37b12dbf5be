/// Configurations of other gateways as policies.
///
/// [ConfigFile] reads a file with the places of everything in it; [Litellm], [Portkey] and
/// [Bifrost] turn it into a [PolicyDraft], which is written down as [Imported]. What of a file no
/// importer asks for is named in the result: a [Section] knows what was never taken from it.
///
/// No key of a provider or client is ever in a message; only its place in the file.
@NullMarked
package dev.writ.cli.importing;

import org.jspecify.annotations.NullMarked;
