namespace Portal;

/// <summary>Names the resource files that hold every visible word: <c>IStringLocalizer&lt;Words&gt;</c> reads Words.resx (English) and Words.zh-CN.resx.</summary>
public sealed class Words;
