/// What a decision costs, by the number of rules.
///
/// Start reading at [DecideBench], which `./bench decide` runs: JMH measures the methods of
/// [Deciding] in JVMs of their own, on policies that [BenchRules] writes as text and that the
/// checker reads, with requests that [BenchRequests] fills beforehand.
@NullMarked
package dev.writ.benchmarks.decide;

import org.jspecify.annotations.NullMarked;
