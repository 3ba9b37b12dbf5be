package dev.writ.cli.lsp;

import dev.writ.dsl.assist.Completion;
import dev.writ.dsl.assist.Completions;
import dev.writ.dsl.assist.Fold;
import dev.writ.dsl.assist.Hint;
import dev.writ.dsl.assist.Hover;
import dev.writ.dsl.assist.Names;
import dev.writ.dsl.assist.OutlineEntry;
import dev.writ.dsl.assist.Renaming;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.format.FormatEdits;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentRangeFormattingParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FoldingRange;
import org.eclipse.lsp4j.FoldingRangeKind;
import org.eclipse.lsp4j.FoldingRangeRequestParams;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InlayHint;
import org.eclipse.lsp4j.InlayHintParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PrepareRenameDefaultBehavior;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.jspecify.annotations.Nullable;

/// What an editor says and asks about documents.
final class Documents implements TextDocumentService {
    private final Workspace workspace;
    private boolean snippets;

    Documents(Workspace workspace) {
        this.workspace = workspace;
    }

    /// Says whether the editor can stop the cursor inside of what it writes.
    void useSnippets(boolean use) {
        snippets = use;
    }

    // ── Texts ────────────────────────────────────────────────────────────────────────────────

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        workspace.opened(
                params.getTextDocument().getUri(),
                params.getTextDocument().getVersion(),
                params.getTextDocument().getText());
    }

    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        workspace.changed(
                params.getTextDocument().getUri(),
                params.getTextDocument().getVersion(),
                params.getContentChanges());
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        workspace.closed(params.getTextDocument().getUri());
    }

    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        workspace.reload();
    }

    // ── Writing ──────────────────────────────────────────────────────────────────────────────

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(
            CompletionParams params) {
        boolean stops = snippets;
        return workspace.ask(
                params.getTextDocument().getUri(),
                Either.forLeft(List.of()),
                known -> {
                    int offset = Places.offset(known.source(), params.getPosition());
                    List<CompletionItem> items = new ArrayList<>();
                    for (Completion each :
                            Completions.at(known.analysis(), known.source(), offset)) {
                        items.add(Answers.completion(each, items.size(), stops));
                    }
                    return Either.forLeft(items);
                });
    }

    @Override
    public CompletableFuture<List<Either<Command, CodeAction>>> codeAction(
            CodeActionParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                List.of(),
                known -> {
                    int start = Places.offset(known.source(), params.getRange().getStart());
                    int end = Places.offset(known.source(), params.getRange().getEnd());
                    List<Either<Command, CodeAction>> actions = new ArrayList<>();
                    for (Diagnostic diagnostic : known.told()) {
                        Span span = diagnostic.primary().span();
                        if (span.start() <= end && start <= span.end()) {
                            for (Fix fix : diagnostic.fixes()) {
                                actions.add(
                                        Either.forRight(
                                                Answers.fix(diagnostic, fix, known.tree().root())));
                            }
                        }
                    }
                    return actions;
                });
    }

    @Override
    public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
        return format(params.getTextDocument().getUri(), null);
    }

    @Override
    public CompletableFuture<List<? extends TextEdit>> rangeFormatting(
            DocumentRangeFormattingParams params) {
        return format(params.getTextDocument().getUri(), params.getRange());
    }

    private CompletableFuture<List<? extends TextEdit>> format(String uri, @Nullable Range range) {
        return workspace.ask(
                uri,
                List.of(),
                known -> {
                    Source source = known.source();
                    int from = range == null ? 0 : Places.offset(source, range.getStart());
                    int to =
                            range == null
                                    ? source.text().length()
                                    : Places.offset(source, range.getEnd());
                    Predicate<Edit> inside =
                            edit -> edit.span().start() >= from && edit.span().end() <= to;
                    return FormatEdits.of(source).stream()
                            .filter(inside)
                            .map(Answers::textEdit)
                            .toList();
                });
    }

    // ── Names ────────────────────────────────────────────────────────────────────────────────

    @Override
    public CompletableFuture<org.eclipse.lsp4j.Hover> hover(HoverParams params) {
        return workspace.askForOne(
                params.getTextDocument().getUri(),
                known -> {
                    int offset = Places.offset(known.source(), params.getPosition());
                    Hover hover = Hover.at(known.analysis(), known.source(), offset);
                    return hover == null
                            ? null
                            : new org.eclipse.lsp4j.Hover(
                                    Answers.markdown(hover.markdown()), Places.range(hover.span()));
                });
    }

    @Override
    public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>>
            definition(DefinitionParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                Either.forLeft(List.of()),
                known -> {
                    int offset = Places.offset(known.source(), params.getPosition());
                    Span span = Names.definition(known.analysis(), known.source(), offset);
                    return Either.forLeft(
                            span == null
                                    ? List.of()
                                    : List.of(Answers.location(span, known.tree().root())));
                });
    }

    @Override
    public CompletableFuture<List<? extends Location>> references(ReferenceParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                List.of(),
                known -> {
                    Names.Named named = named(known, params.getPosition());
                    boolean declaration = params.getContext().isIncludeDeclaration();
                    return named == null
                            ? List.of()
                            : Names.references(known.analysis(), named.symbol(), declaration)
                                    .stream()
                                    .map(span -> Answers.location(span, known.tree().root()))
                                    .toList();
                });
    }

    private static Names.@Nullable Named named(Workspace.Known known, Position position) {
        return Names.at(known.analysis(), known.source(), Places.offset(known.source(), position));
    }

    @Override
    public CompletableFuture<Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>>
            prepareRename(PrepareRenameParams params) {
        return workspace.askForOne(
                params.getTextDocument().getUri(),
                known -> {
                    Names.Named named = named(known, params.getPosition());
                    return named == null
                            ? null
                            : Either3.forSecond(
                                    new PrepareRenameResult(
                                            Places.range(named.span()),
                                            named.symbol().name().text()));
                });
    }

    @Override
    public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
        return workspace.askForOne(
                params.getTextDocument().getUri(),
                known -> {
                    Names.Named named = named(known, params.getPosition());
                    if (named == null) {
                        throw Answers.refused("no declared name stands here");
                    }
                    Renaming renaming =
                            Renaming.of(known.analysis(), named.symbol(), params.getNewName());
                    return switch (renaming) {
                        case Renaming.Edits(List<Edit> edits) ->
                                Answers.edit(edits, known.tree().root());
                        case Renaming.Refused(String why) -> throw Answers.refused(why);
                    };
                });
    }

    // ── What is shown beside the text ────────────────────────────────────────────────────────

    @Override
    public CompletableFuture<List<InlayHint>> inlayHint(InlayHintParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                List.of(),
                known -> {
                    int start = Places.offset(known.source(), params.getRange().getStart());
                    int end = Places.offset(known.source(), params.getRange().getEnd());
                    List<InlayHint> hints = new ArrayList<>();
                    for (Hint hint : Hint.of(known.analysis(), known.source())) {
                        if (hint.at().start() >= start && hint.at().end() <= end) {
                            InlayHint shown =
                                    new InlayHint(
                                            Places.range(hint.at()).getStart(),
                                            Either.forLeft(hint.text()));
                            shown.setPaddingLeft(true);
                            hints.add(shown);
                        }
                    }
                    return hints;
                });
    }

    @Override
    public CompletableFuture<List<? extends CodeLens>> codeLens(CodeLensParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                List.of(),
                known -> Lenses.of(known, params.getTextDocument().getUri()));
    }

    @Override
    public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
            DocumentSymbolParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                List.of(),
                known -> {
                    ParsedFile file = known.analysis().file(known.source().path());
                    List<Either<SymbolInformation, DocumentSymbol>> symbols = new ArrayList<>();
                    if (file != null) {
                        for (OutlineEntry entry : OutlineEntry.of(file)) {
                            symbols.add(Either.forRight(Answers.symbol(entry)));
                        }
                    }
                    return symbols;
                });
    }

    @Override
    public CompletableFuture<List<FoldingRange>> foldingRange(FoldingRangeRequestParams params) {
        return workspace.ask(
                params.getTextDocument().getUri(),
                List.of(),
                known -> {
                    List<FoldingRange> ranges = new ArrayList<>();
                    for (Fold fold : Fold.of(known.source())) {
                        FoldingRange range =
                                new FoldingRange(fold.firstLine() - 1, fold.lastLine() - 1);
                        range.setKind(
                                fold.comment()
                                        ? FoldingRangeKind.Comment
                                        : FoldingRangeKind.Region);
                        ranges.add(range);
                    }
                    return ranges;
                });
    }
}
