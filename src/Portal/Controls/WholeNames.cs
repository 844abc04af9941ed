using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Controls;

/// <summary>
/// Text with names and addresses in it that people compare: lines break after <c>/</c>, <c>:</c>, <c>?</c>, <c>&amp;</c> and <c>,</c>, and not at the hyphen
/// of <c>cn-east-3</c>. A name that is longer than its line breaks anywhere. The characters are those of the text, so copying gives exactly it.
/// </summary>
public sealed partial class WholeNames : ComponentBase
{
    /// <summary>In characters; beyond that nobody compares, and the page would be mostly marks.</summary>
    const int Longest = 20_000;

    /// <summary>The text.</summary>
    [Parameter, EditorRequired]
    public string? Text { get; set; }

    /// <inheritdoc />
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (Text is not { Length: > 0 and <= Longest } text)
        {
            builder.AddContent(0, Text);
            return;
        }

        var done = 0;
        foreach (var part in Parts().EnumerateMatches(text))
        {
            var end = part.Index + part.Length;
            if (text.AsSpan(part.Index, part.Length).Contains('-'))
            {
                if (part.Index > done)
                {
                    builder.AddContent(1, text[done..part.Index]);
                }

                builder.OpenElement(2, "span");
                builder.AddAttribute(3, "class", "whole-name");
                builder.AddContent(4, text[part.Index..end]);
                builder.CloseElement();
            }
            else
            {
                builder.AddContent(5, text[done..end]);
                if (end < text.Length)
                {
                    builder.OpenElement(6, "wbr");
                    builder.CloseElement();
                }
            }

            done = end;
        }

        if (done < text.Length)
        {
            builder.AddContent(7, text[done..]);
        }
    }

    // A name with a hyphen and what stands at it: browsers would break between them. Or where else a line may break; a colon before a digit is of a port or a time.
    [GeneratedRegex("""[(\[{"'\\“‘（「《【]{0,4}(?<![A-Za-z0-9_$.@%=+~#-])(?=[A-Za-z0-9_$.@%=+~#]*-)[A-Za-z0-9_$.@%=+~#-]{2,}[)\]}"'\\”’）」》】]*(?:://|[/?&,:;!，。、；：？！])?|://|[/?&,]|:(?!\d)""")]
    private static partial Regex Parts();
}
