package dev.writ.cli.lsp;

import dev.writ.dsl.assist.Completion;
import dev.writ.dsl.assist.OutlineEntry;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.DiagnosticRelatedInformation;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DiagnosticTag;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.InsertTextFormat;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.SymbolKind;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;

/// What is known of a policy in the words of the protocol.
final class Answers {
    private static final String SOURCE = "writ";
    private static final String SOURCE_OF_TESTS = "writ test";

    private Answers() {}

    static Location location(Span span, PolicyRoot root) {
        return new Location(root.uri(span.source().path()), Places.range(span));
    }

    /// Returns the error that refuses a request.
    static ResponseErrorException refused(String why) {
        return new ResponseErrorException(
                new ResponseError(ResponseErrorCode.RequestFailed, why, null));
    }

    // ── Diagnostics and fixes ────────────────────────────────────────────────────────────────

    static org.eclipse.lsp4j.Diagnostic diagnostic(Diagnostic diagnostic, PolicyRoot root) {
        org.eclipse.lsp4j.Diagnostic answer =
                new org.eclipse.lsp4j.Diagnostic(
                        Places.range(diagnostic.primary().span()), message(diagnostic));
        answer.setSeverity(
                switch (diagnostic.code().severity()) {
                    case ERROR -> DiagnosticSeverity.Error;
                    case WARNING -> DiagnosticSeverity.Warning;
                    case LINT -> DiagnosticSeverity.Information;
                });
        answer.setCode(diagnostic.code().id());
        answer.setSource(
                diagnostic.code() == DiagnosticCode.TEST_FAILED ? SOURCE_OF_TESTS : SOURCE);
        if (diagnostic.code() == DiagnosticCode.UNUSED_DECLARATION
                || diagnostic.code() == DiagnosticCode.SHADOWED_ARM) {
            answer.setTags(List.of(DiagnosticTag.Unnecessary));
        }
        List<DiagnosticRelatedInformation> related = new ArrayList<>();
        for (Diagnostic.Label because : diagnostic.because()) {
            related.add(
                    new DiagnosticRelatedInformation(
                            location(because.span(), root), because.text()));
        }
        answer.setRelatedInformation(related);
        return answer;
    }

    private static String message(Diagnostic diagnostic) {
        StringBuilder text = new StringBuilder(diagnostic.headline());
        if (!diagnostic.primary().text().isEmpty()) {
            text.append(": ").append(diagnostic.primary().text());
        }
        diagnostic.notes().forEach(note -> text.append('\n').append(note));
        diagnostic.hints().forEach(hint -> text.append("\nhint: ").append(hint));
        return text.toString();
    }

    static CodeAction fix(Diagnostic diagnostic, Fix fix, PolicyRoot root) {
        CodeAction action = new CodeAction(fix.title());
        action.setKind(CodeActionKind.QuickFix);
        action.setDiagnostics(List.of(diagnostic(diagnostic, root)));
        action.setEdit(edit(fix.edits(), root));
        boolean lint = diagnostic.code().severity() == DiagnosticCode.Severity.LINT;
        action.setIsPreferred(lint ? fix.automatic() : diagnostic.fixes().size() == 1);
        return action;
    }

    static WorkspaceEdit edit(List<Edit> edits, PolicyRoot root) {
        Map<String, List<TextEdit>> changes = new LinkedHashMap<>();
        for (Edit edit : edits) {
            changes.computeIfAbsent(root.uri(edit.span().source().path()), _ -> new ArrayList<>())
                    .add(textEdit(edit));
        }
        return new WorkspaceEdit(changes);
    }

    static TextEdit textEdit(Edit edit) {
        return new TextEdit(Places.range(edit.span()), edit.text());
    }

    // ── Completion ───────────────────────────────────────────────────────────────────────────

    static CompletionItem completion(Completion completion, int place, boolean snippets) {
        CompletionItem item = new CompletionItem(completion.label());
        item.setKind(
                switch (completion.sort()) {
                    case PIECE -> CompletionItemKind.Snippet;
                    case KEYWORD -> CompletionItemKind.Keyword;
                    case NAME -> CompletionItemKind.Reference;
                    case ATTRIBUTE -> CompletionItemKind.Property;
                    case LABEL -> CompletionItemKind.EnumMember;
                    case UNIT -> CompletionItemKind.Unit;
                    case FILE -> CompletionItemKind.File;
                });
        item.setDetail(completion.detail().isEmpty() ? null : completion.detail());
        if (!completion.documentation().isEmpty()) {
            item.setDocumentation(markdown(completion.documentation()));
        }
        item.setSortText(String.format(Locale.ROOT, "%05d", place));
        boolean stops = snippets && completion.snippet().contains("$");
        item.setInsertTextFormat(stops ? InsertTextFormat.Snippet : InsertTextFormat.PlainText);
        item.setTextEdit(
                Either.forLeft(
                        new TextEdit(
                                Places.range(completion.span()),
                                stops ? completion.snippet() : completion.text())));
        if (!completion.text().startsWith(completion.label())) {
            item.setFilterText(completion.text());
        }
        return item;
    }

    static MarkupContent markdown(String text) {
        return new MarkupContent(MarkupKind.MARKDOWN, text);
    }

    // ── Outlines ─────────────────────────────────────────────────────────────────────────────

    static DocumentSymbol symbol(OutlineEntry entry) {
        return new DocumentSymbol(
                entry.title().isBlank() ? entry.keyword() : entry.title(),
                switch (entry.keyword()) {
                    case "use" -> SymbolKind.Module;
                    case "secret", "key" -> SymbolKind.Key;
                    case "provider", "server" -> SymbolKind.Interface;
                    case "model" -> SymbolKind.Class;
                    case "pool" -> SymbolKind.Array;
                    case "route" -> SymbolKind.Function;
                    case "arm" -> SymbolKind.EnumMember;
                    case "team" -> SymbolKind.Namespace;
                    case "rule", "guard" -> SymbolKind.Event;
                    default -> SymbolKind.Object;
                },
                Places.range(entry.span()),
                Places.range(entry.name()),
                entry.keyword(),
                entry.parts().stream().map(Answers::symbol).toList());
    }
}
